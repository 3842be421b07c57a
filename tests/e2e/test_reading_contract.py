"""What `triage read` and `triage parse` print of the labelled mail: every field, and spans that point right."""

import itertools
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.bad_mail import GOOD
from tests.e2e.program import Said, files, triage

Line = Mapping[str, Any]
FEW = 40

READ = {"file", "message_id", "language", "intent", "intent_confidence", "uncertain", "because", "categories",
        "category_scores", "claims", "offer_lines", "supplier", "missing", "findings", "red_flags", "priority",
        "reply", "reply_withheld", "artifact", "knowledge"}  # fmt: skip
CLAIM = {"code", "status", "category", "where", "text", "start", "end", "proof", "rule", "cue"}
OFFER_LINE = {"category", "quantity", "per", "price", "currency", "price_unit", "box_size", "moq", "lead_time_days",
              "lead_time_text", "stock_country", "need", "quantity_unit", "flags"}  # fmt: skip
SUPPLIER = {"company", "org_number", "org_number_valid", "contact", "email", "phone", "country", "role"}
INTENTS = {"offer", "donation", "documents", "follow_up", "question", "need_report", "autoreply", "bounce",
           "newsletter", "scam", "other"}  # fmt: skip
MISSING = {"product", "regulatory", "contact", "quantity", "lead_time", "price"}
RED_FLAGS = {"advance_payment", "suspicious_issuer", "wrong_standard", "nb_mismatch", "price_gouging", "pressure",
             "broker_chain", "free_mail_domain", "lookalike_domain", "contradiction", "no_company", "crypto_payment",
             "too_good"}  # fmt: skip
PARSED = {"subject", "from", "to", "cc", "reply_to", "date", "message_id", "text", "new_text", "segments",
          "hidden_text", "attachments", "nested", "defects"}  # fmt: skip
ATTACHED = {"name", "path", "type", "size", "sha256", "inline", "text", "unread"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, artifacts: Path) -> Path:
    folder = tmp_path_factory.mktemp("reading")
    shutil.copytree(artifacts, folder / "artifacts")
    return folder


@pytest.fixture(scope="module")
def mails(checkout: Path) -> Sequence[Path]:
    return sorted((checkout / "data" / "corpus").glob("*/mail/*.eml"))


@pytest.fixture(scope="module")
def read(home: Path, mails: Sequence[Path]) -> Sequence[Line]:
    answer = triage(home, "read", "--json", *mails)
    assert (answer.status, answer.errors) == (0, "")
    return _of(mails, answer)


@pytest.fixture(scope="module")
def parsed(home: Path, mails: Sequence[Path]) -> Sequence[Line]:
    answer = triage(home, "parse", "--json", *mails)
    assert (answer.status, answer.errors) == (0, "")
    return _of(mails, answer)


def _of(mails: Sequence[Path], answer: Said) -> Sequence[Line]:
    assert [line["file"] for line in answer.lines] == [str(mail) for mail in mails]
    return answer.lines


def _all(lines: Sequence[Line], field: str) -> Iterator[Any]:
    return itertools.chain.from_iterable(line[field] for line in lines)


def test_a_reading_has_the_fields_of_the_contract(read: Sequence[Line]) -> None:
    assert {frozenset(line) for line in read} == {frozenset(READ)}
    assert {frozenset(claim) - {"attachment", "extra"} for claim in _all(read, "claims")} == {frozenset(CLAIM)}
    assert set().union(*_all(read, "offer_lines")) <= OFFER_LINE
    assert set().union(*(line["supplier"] for line in read)) <= SUPPLIER
    assert {frozenset(flag) for flag in _all(read, "red_flags")} == {frozenset({"code", "reason"})}


def test_a_reading_says_only_known_words(read: Sequence[Line]) -> None:
    assert all(len(line["language"]) == 2 and line["language"].islower() for line in read)
    assert {line["intent"] for line in read} <= INTENTS
    assert all(set(line["categories"]) <= set(line["category_scores"]) for line in read)
    assert all(
        0 <= score <= 1 for line in read for score in (line["intent_confidence"], *line["category_scores"].values())
    )
    assert {claim["status"] for claim in _all(read, "claims")} == {"asserted", "pending", "denied", "quoted"}
    assert {claim["proof"] for claim in _all(read, "claims")} <= {"none", "claimed", "document_seen", "verified"}
    assert set(_all(read, "missing")) <= MISSING
    assert {flag["code"] for flag in _all(read, "red_flags")} <= RED_FLAGS


def test_a_claim_points_at_its_words_in_what_parse_prints(read: Sequence[Line], parsed: Sequence[Line]) -> None:
    places = set()
    for line, mail in zip(read, parsed, strict=True):
        texts = {("subject", None): mail["subject"], ("body", None): mail["text"]}
        texts |= {("attachment", number): one["text"] for number, one in enumerate(mail["attachments"])}
        for claim in line["claims"]:
            text = texts[claim["where"], claim.get("attachment")]
            assert text[claim["start"] : claim["end"]] == claim["text"] != "", (line["file"], claim)
            places.add(claim["where"])
    assert places == {"subject", "body", "attachment"}


def test_a_score_is_the_sum_of_its_reasons(read: Sequence[Line]) -> None:
    for line in read:
        priority = line["priority"]
        assert set(priority) == {"score", "band", "reasons"}
        assert all(set(reason) == {"code", "points", "text"} and reason["text"] for reason in priority["reasons"])
        assert sum(reason["points"] for reason in priority["reasons"]) == pytest.approx(priority["score"], abs=1e-9)
    assert {line["priority"]["band"] for line in read} == {"high", "medium", "low", "none"}


def test_a_mail_has_a_reply_or_the_reason_why_it_has_none(read: Sequence[Line]) -> None:
    for line in read:
        reply, withheld = line["reply"], line["reply_withheld"]
        assert (reply is None) != (withheld is None), line["file"]
        assert all((reply or withheld).values()), line["file"]
    assert {frozenset(line["reply"] or line["reply_withheld"]) for line in read} == {
        frozenset({"kind", "language", "subject"}),
        frozenset({"rule", "reason"}),
    }


def test_the_same_mail_reads_the_same_in_any_order_and_company(
    home: Path, mails: Sequence[Path], read: Sequence[Line]
) -> None:
    few = slice(None, None, -max(1, len(mails) // FEW))
    again = triage(home, "read", *mails[few], settings={"TRIAGE_WORKERS": "1"}).lines
    assert [json.dumps(line) for line in again] == [json.dumps(line) for line in read[few]]


def test_a_reading_is_reproducible_on_a_given_date(home: Path, tmp_path: Path) -> None:
    [file] = files(tmp_path, {"a.eml": GOOD})
    dates = ("2020-03-20", "2020-03-20T23:59:59+01:00")
    outputs = {triage(home, "read", "--now", date, file, file).out for date in dates}
    assert len(outputs) == 1
    [output] = outputs
    one, other = output.splitlines()
    assert one == other


def test_sentences_for_people_stand_in_the_language_that_was_asked_for(
    home: Path, mails: Sequence[Path], read: Sequence[Line]
) -> None:
    english, [norwegian] = read[0], triage(home, "read", "--language", "nb", mails[0]).lines
    texts = [[reason["text"] for reason in line["priority"]["reasons"]] for line in (english, norwegian)]
    assert not set(texts[0]) & set(texts[1])
    assert english["claims"] == norwegian["claims"]


def test_a_parsed_mail_has_the_fields_of_the_contract(parsed: Sequence[Line]) -> None:
    def check(mail: Line) -> None:
        assert set(mail) == PARSED
        for people in ("from", "to", "cc", "reply_to"):
            assert all(set(person) == {"name", "address"} for person in mail[people])
        assert all(set(one) == ATTACHED for one in mail["attachments"])
        assert all(len(one["sha256"]) == 64 and one["size"] >= 0 for one in mail["attachments"])
        for inner in mail["nested"]:
            check(inner)

    for line in parsed:
        check({name: value for name, value in line.items() if name != "file"})
    assert any(line["nested"] for line in parsed)
    assert any(line["attachments"] for line in parsed)
