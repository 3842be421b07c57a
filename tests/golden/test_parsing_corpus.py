"""Every mail of the corpus is read as a person wrote down beside it, with LF and with CRLF line ends."""

import json
from pathlib import Path

import pytest

from triage.adapters.documents import read_document
from triage.adapters.knowledge import separation
from triage.resources import root
from triage.stages.parse import parse
from triage.stages.parsed_line import as_json
from triage.stages.separate import separate

CORPUS = Path(__file__).parent / "corpus"
MAILS = sorted(CORPUS.rglob("*.eml"))
KNOWLEDGE = separation.load(root())
OF_THE_LINE_ENDS = ("size", "sha256")


def reading(octets: bytes) -> dict[str, object]:
    mail = parse(octets, read_document)
    separated = separate(mail, KNOWLEDGE)
    sender = separated.original_from
    whole = as_json(mail, separated) | {
        "received": mail.received.isoformat() if mail.received else None,
        "return_path": mail.return_path,
        "original_from": [sender.name, sender.address] if sender else None,
    }
    return json.loads(json.dumps(whole))


def without_line_ends(value: object) -> object:
    if isinstance(value, dict):
        return {key: without_line_ends(one) for key, one in value.items() if key not in OF_THE_LINE_ENDS}
    return [without_line_ends(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", MAILS, ids=lambda path: str(path.relative_to(CORPUS)))
def test_a_mail_is_read_as_written_beside_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert reading(path.read_bytes()) == expected


@pytest.mark.parametrize(
    "path", [one for one in MAILS if one.stem != "octets"], ids=lambda path: str(path.relative_to(CORPUS))
)
def test_crlf_line_ends_change_nothing(path: Path) -> None:
    octets = path.read_bytes()
    assert without_line_ends(reading(octets.replace(b"\n", b"\r\n"))) == without_line_ends(reading(octets))


def test_the_corpus_is_large_enough() -> None:
    assert len(MAILS) >= 120
