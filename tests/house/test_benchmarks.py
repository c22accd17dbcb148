"""The benchmark still runs, and its two sides still answer alike; what it measures is nobody's promise."""

import subprocess
import sys

from tests.house import tree


def test_the_benchmark_runs() -> None:
    command = [sys.executable, "-P", "benchmarks/home.py", "--rounds", "1", "--requests", "1"]
    done = subprocess.run(command, cwd=tree.ROOT, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 0, done.stderr
    assert "by hand" in done.stdout
