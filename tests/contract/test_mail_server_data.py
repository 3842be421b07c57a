"""data/mail_servers.toml: every fault is known by its examples, and by no others."""

import time

import pytest

from triage import resources
from triage.adapters import server_words
from triage.adapters.server_words import ServerFault, shown

FAULTS = server_words.known().faults


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_a_fault_is_known_by_its_examples_alone(fault: ServerFault) -> None:
    def meant(said: str) -> str | None:
        found = server_words.known().meaning(fault.where, said)
        return found.id if found else None

    assert [said for said in fault.examples if meant(said) != fault.id] == []
    assert [said for said in fault.counter_examples if meant(said) == fault.id] == []
    assert fault.source
    assert fault.cause
    assert fault.remedy


def test_ids_are_unique() -> None:
    assert len({fault.id for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("letter", ["a", "AADSTS", "invalid_grant ", "throttled ", "0", " ", "too many "])
def test_looking_takes_no_longer_than_the_words(letter: str) -> None:
    said = letter * (100_000 // len(letter))
    begun = time.perf_counter()
    for fault in FAULTS:
        fault.pattern.search(said)
    assert time.perf_counter() - begun < 5


def test_what_is_said_elsewhere_means_nothing() -> None:
    assert server_words.known().meaning("sign_in", "AADSTS7000222: expired") is None
    assert server_words.known().meaning("token", "something of next year") is None


def test_figures_are_in_force() -> None:
    words = server_words.load(resources.root())
    assert (words.renew_seconds, words.warn_days) == (300, 30)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("wrong\r\n  secret: abc", "wrong …: …"),
        ("eyJ" + "a" * 70 + " is no token", "… is no token"),
        ("trace 5f0c1f6e-9f52-4a4e-8d0e-1f5b8a1c2d3e", "trace 5f0c1f6e-9f52-4a4e-8d0e-1f5b8a1c2d3e"),
        ("x\x1b[31mred\u202e", "x [31mred"),
        ("", ""),
    ],
)
def test_words_are_shown_in_one_line_without_secrets(said: str, expected: str) -> None:
    assert shown(said, ["secret", "abc", ""]) == expected
