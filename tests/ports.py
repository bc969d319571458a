"""Ports for server processes, of which no two test processes take the same."""

from __future__ import annotations

import os
import random
import socket

_FIRST, _EACH = 20_000, 1_000  # below the range that systems take ports from by themselves


def free_port() -> int:
    """A port that nothing listens on, from the range of this worker of pytest."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10
    start = _FIRST + worker * _EACH
    for port in random.sample(range(start, start + _EACH), _EACH):
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:  # somebody else's
            continue
    raise OSError(f"no free port from {start} to {start + _EACH - 1}")
