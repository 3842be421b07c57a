"""Every event of a case is named in data/events.toml, and people can read it in every language."""

import re
import tomllib
from pathlib import Path

from models.reply import OutboxState

KIND = re.compile(r'(?:add_event|_asked)\([^)]*?"([a-z_]+)"')


def test_every_event_that_is_written_is_listed_and_has_a_name(checkout: Path) -> None:
    listed = set(tomllib.loads((checkout / "data" / "events.toml").read_text(encoding="utf-8"))["kinds"])
    store = "\n".join(p.read_text(encoding="utf-8") for p in (checkout / "triage/adapters/store").glob("*.py"))
    written = set(KIND.findall(store))
    settled = {OutboxState.SENT, OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.BOUNCED}
    assert written | {f"reply_{state.value}" for state in settled} <= listed
    for path in sorted((checkout / "data" / "texts").glob("*.toml")):
        named = tomllib.loads(path.read_text(encoding="utf-8"))["sections"]["events"]
        assert listed <= set(named), path.name
