"""The second half of the contract: every promise as a check that an adapter author can run.

A check is an async function over a `Bench` (`bench.py`); its docstring states the promise; `verdict.py` names the
chapters. `book/` is what the offices are filled with, `twin/` the office in plain Python that they are compared with,
both one noun a file; `questions.py` names every method with its subjects, so that the promises that hold of all methods
reach each of them. Three ways to ask an adapter for all of them, and to read what is red:

* a pytest class: subclass `suite.Conformance` and give it a `Harness`;
* a trial file, ``NAME.conformance.toml`` (`trial.py`), which the pytest plug-in collects (`plugin.py`);
* the same file with ``ventanilla adapter check``, which needs no pytest and fills nothing unless told to.
"""
