"""From polled mail to a corrected artifact by the command line alone, with a small corpus."""

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.program import triage
from triage.demo.imap import EmbeddedImap

EVERY = 5  # mail of a labelled set that stands in the small one
LONG = b"et langt passord\n"


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Path:
    """Knowledge and templates as they are, and a corpus of some forty mails."""
    folder = tmp_path_factory.mktemp("resources")
    for part in ("data", "reply_templates"):
        shutil.copytree(checkout / part, folder / part, ignore=shutil.ignore_patterns("corpus", "demo"))
    small = folder / "data" / "corpus" / "small"
    (small / "mail").mkdir(parents=True)
    kept = []
    for labelled in ("d1", "d2"):
        lines = (checkout / "data" / "corpus" / labelled / "gold.jsonl").read_text(encoding="utf-8").splitlines()
        for line in lines[::EVERY]:
            gold = json.loads(line)
            name = f"mail/{labelled}-{Path(gold['file']).name}"
            shutil.copy(checkout / "data" / "corpus" / labelled / gold["file"], small / name)
            kept.append(json.dumps(gold | {"file": name}))
    (small / "gold.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, resources: Path) -> tuple[Path, Mapping[str, str]]:
    """(home, settings) of a desk that has triaged two mails."""
    home = tmp_path_factory.mktemp("desk")
    mails = sorted((resources / "data" / "corpus" / "small" / "mail").iterdir())[:2]
    with EmbeddedImap([(mail.read_bytes(), datetime.now(UTC)) for mail in mails], "mottak", "hemmelig") as server:
        settings = {
            "TRIAGE_RESOURCES": str(resources),
            "TRIAGE_OWN_ADDRESSES": "mottak@sykehus.example",
            "TRIAGE_IMAP_HOST": EmbeddedImap.host,
            "TRIAGE_IMAP_PORT": str(server.port),
            "TRIAGE_IMAP_ENCRYPTION": "none",
            "TRIAGE_IMAP_USER": "mottak",
            "TRIAGE_IMAP_PASSWORD": "hemmelig",
        }
        [polled] = triage(home, "poll", "--once", "--json", settings=settings).lines
    assert polled["stored"] == len(mails)
    [worked] = triage(home, "work", "--once", "--json", settings=settings).lines
    assert worked["triaged"] == len(mails)
    return home, settings


def test_the_queue_is_a_line_of_json_a_case_in_rank_order(desk: tuple[Path, Mapping[str, str]]) -> None:
    home, settings = desk
    cases = triage(home, "queue", "--json", settings=settings).lines
    assert len(cases) == 2
    assert {"number", "score", "band", "state", "categories", "subject"} <= set(cases[0])
    assert [case["score"] for case in cases] == sorted((case["score"] for case in cases), reverse=True)
    [first] = triage(home, "queue", "--json", "--size", "1", settings=settings).lines
    assert first == cases[0]
    shown = triage(home, "queue", settings=settings).out
    assert all(case["number"] in shown for case in cases)


def test_a_user_needs_a_long_password_and_may_get_another(desk: tuple[Path, Mapping[str, str]]) -> None:
    home, settings = desk
    short = triage(home, "users", "add", "kari", settings=settings, said=b"kort\n")
    assert short.status == 2
    assert "12 characters" in short.fault
    for role in ("procurement", "admin"):
        added = triage(home, "users", "add", "kari", "--role", role, "--json", settings=settings, said=LONG)
        assert added.lines == [{"name": "kari", "role": role}]


def test_a_correction_trains_an_artifact_that_can_be_promoted_and_rolled_back(
    desk: tuple[Path, Mapping[str, str]],
) -> None:
    home, settings = desk

    def listed() -> Mapping[str, bool]:
        [rows] = triage(home, "artifacts", "list", "--json", settings=settings).lines
        assert all(set(row) == {"id", "in_use", "trained_on", "scores"} for row in rows)
        return {row["id"]: row["in_use"] for row in rows}

    [(first, in_use)] = listed().items()
    assert in_use
    assert triage(home, "label", "99", "--intent", "offer", settings=settings).status == 2
    labelled = triage(home, "label", "1", "--intent", "question", "--categories", "gown, gloves", "--json",
                      settings=settings)  # fmt: skip
    assert labelled.lines == [{"message": 1, "labels": {"intent": "question", "categories": "gown,gloves"}}]
    [trained] = triage(home, "train", "--json", settings=settings).lines
    assert listed() == {first: True, trained["id"]: False}
    assert set(trained["scores"]) == {"intent_accuracy", "intent_macro_f1", "category_micro_f1", "category_macro_f1"}
    promoted = triage(home, "artifacts", "promote", trained["id"], "--reason", "tried", "--json", settings=settings)
    assert promoted.lines[0]["id"] == trained["id"]
    assert listed() == {first: False, trained["id"]: True}
    assert triage(home, "artifacts", "rollback", "--json", settings=settings).lines == [{"id": first}]
    assert listed() == {first: True, trained["id"]: False}


def test_no_figure_is_on_mail_that_was_trained_on(desk: tuple[Path, Mapping[str, str]], resources: Path) -> None:
    home, settings = desk
    small = resources / "data" / "corpus" / "small"
    refused = triage(home, "evaluate", small, settings=settings)
    assert refused.status == 2
    assert "--folds" in refused.fault
    [figures] = triage(home, "evaluate", small, "--folds", "2", "--json", settings=settings).lines
    assert {"intent_accuracy", "category_micro_f1", "claim_f1", "language_accuracy"} <= set(figures)
