"""The command line of the gateway, as the sides start it; with BENCH_QUIET=1 requests leave no line in its log."""

from __future__ import annotations

import logging
import os
from functools import partial

from ventanilla.gateway import cli, logs

if __name__ == "__main__":
    if os.environ.get("BENCH_QUIET"):
        logs.configure = partial(logs.configure, level=logging.CRITICAL)
    cli.main()
