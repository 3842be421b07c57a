"""Measurements that are kept: docs/benchmarks.json, with command, date and machine."""

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime

from tests.conftest import CHECKOUT

FIGURES = CHECKOUT / "docs" / "benchmarks.json"


def record(name: str, figures: Mapping[str, object]) -> None:
    """Keep the figures under `name` when RECORD is set."""
    if not os.environ.get("RECORD"):
        return
    known = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    known[name] = {
        "command": "make bench RECORD=1",
        "date": datetime.now(UTC).date().isoformat(),
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        **figures,
    }
    FIGURES.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")
