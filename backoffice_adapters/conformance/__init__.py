"""The second half of the contract: every promise as a check that an adapter author can run.

A check is an async function over a `Bench` (`bench.py`); its docstring states the promise; `verdict.py` names the
chapters. Three ways to ask an adapter for all of them, and to read what is red:

* a pytest class: subclass `suite.Conformance` and give it a `Harness`;
* a trial file, ``NAME.conformance.toml`` (`trial.py`), which the pytest plug-in collects (`plugin.py`);
* the same file with ``ventanilla adapter check``, which needs no pytest and fills nothing unless told to.
"""
