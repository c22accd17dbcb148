"""The second half of the contract of platforms: every promise as a check that a plug-in's author can run.

The author brings a `Forge` (`harness.py`): the platform's other side in a few lines, which signs as the platform signs.
A check is a function over a `Bench`; its docstring states the promise. Three ways to ask for all of them:

* ``judge(Harness(plugin=…, configuration={…}, forge=…))`` (`verdict.py`) tells a verdict for each, without pytest;
* a pytest class: subclass `suite.PlatformConformance` and give it a `harness` fixture;
* ``ventanilla platform check NAME --forge module:function``.
"""
