"""The second half of the contract: every promise as a check that an adapter author can run.

A check is an async function over a `Bench` (`bench.py`); its docstring states the promise. `suite.py` holds the
pytest class that runs them all: subclass it, give it a `Harness` for your adapter, and read what is red.
"""
