"""The benchmarks are no part of what is installed: they are found in the tree, behind everything else."""

import sys

from tests.house import tree

if str(tree.ROOT) not in sys.path:
    sys.path.append(str(tree.ROOT))
