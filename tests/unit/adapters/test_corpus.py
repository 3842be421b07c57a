"""Labelled folders, and folds that share no sender, thread or text."""

import json
from pathlib import Path

import pytest

from models.label import TrainingExample
from triage.adapters.corpus import examples, folds, read_folder, regrouped
from triage.errors import InputError

TEXT = "We can offer forty thousand pieces of the same goods to you at the very best price in the whole world today"


def mail(sender: str, text: str, **fields: str) -> bytes:
    headers = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"From: {sender}\r\n{headers}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()


def example(number: int, octets: bytes) -> TrainingExample:
    return TrainingExample(id=f"{number:03}", octets=octets, intent="offer", categories=(), group="", source="test")


def groups(*mails: bytes) -> list[str]:
    found = [example(number, octets) for number, octets in enumerate(mails)]
    return [one.group for one in regrouped(found, frozenset({"free.example"}))]


def test_mail_of_one_domain_is_one_group() -> None:
    one, other, third = groups(mail("a@x.example", "one"), mail("B <b@X.example>", "two"), mail("c@y.example", "three"))
    assert one == other != third


def test_of_a_free_mail_domain_the_address_counts() -> None:
    one, other, again = groups(
        mail("a@free.example", "one"), mail("b@free.example", "two"), mail("a@free.example", "x")
    )
    assert one == again != other


def test_mail_of_one_thread_is_one_group() -> None:
    first = mail("a@x.example", "one", Message_ID="<1@x.example>")
    one, other = groups(first, mail("b@y.example", "two", In_Reply_To="<1@x.example>"))
    assert one == other


def test_near_duplicates_are_one_group() -> None:
    one, other, third = groups(
        mail("a@x.example", TEXT), mail("b@y.example", TEXT + " or tomorrow"), mail("c@z.example", TEXT[::-1])
    )
    assert one == other != third


def test_folds_never_part_a_group_and_hold_everything_once() -> None:
    found = [example(number, mail(f"a@s{number // 3}.example", f"text {number}")) for number in range(30)]
    grouped = regrouped(found, frozenset())
    parts = folds(grouped, 5)
    assert sorted(number for part in parts for number in part) == list(range(30))
    where = {grouped[number].group: place for place, part in enumerate(parts) for number in part}
    assert all(where[grouped[number].group] == place for place, part in enumerate(parts) for number in part)


def test_any_octets_can_be_grouped() -> None:
    assert len(set(groups(b"", b"\xff\x00", b"From: \xff\xfe\r\n\r\n", bytes(range(256))))) <= 4


def test_a_labelled_folder_is_read_in_order(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.eml").write_bytes(mail("a@x.example", "one"))
    row = {"file": "mail/1.eml", "intent": "offer", "categories": ["gown", "gloves"]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row) + "\n\n", encoding="utf-8")
    (found,) = examples(read_folder(tmp_path), frozenset())
    assert (found.intent, found.categories, found.source) == (
        "offer",
        ("gloves", "gown"),
        f"{tmp_path.name}/mail/1.eml",
    )


@pytest.mark.parametrize(
    "line", ["{", '{"file": "mail/1.eml"}', '{"file": "none", "intent": "a", "categories": []}', "[]"]
)
def test_a_faulty_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "gold.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(InputError, match=r"gold\.jsonl:1"):
        read_folder(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere"):
        read_folder(tmp_path / "nowhere")
