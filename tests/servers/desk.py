"""The web of a desk on loopback, for tests that drive a browser."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

STARTS_WITHIN = 20.0


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of `app` while it is served on a free port."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", server_header=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    ends = time.monotonic() + STARTS_WITHIN
    while not server.started:
        if time.monotonic() > ends:
            raise TimeoutError(f"the web did not start within {STARTS_WITHIN:.0f} s")
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
