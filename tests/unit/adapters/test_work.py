"""A child that oversteps its limits is killed and replaced; the others go on."""

from collections.abc import Iterator

import pytest

from models.mail import RawMessage
from tests.fakes import readers
from tests.fakes.making import raw
from triage.adapters.work import ChildReaders
from triage.errors import ReadingError, WorkError


def message(order: str) -> RawMessage:
    return raw(1, f"Subject: {order}\r\n\r\n".encode())


@pytest.fixture(scope="module")
def pool() -> Iterator[ChildReaders]:
    with ChildReaders(readers.make_reader, workers=1, seconds=2, megabytes=512) as pool:
        yield pool


def subject(pool: ChildReaders, order: str) -> str:
    return pool.submit(message(order)).result(30).mail.subject


def test_a_message_is_read_in_a_child(pool: ChildReaders) -> None:
    assert subject(pool, "blåbær") == "blåbær"


@pytest.mark.parametrize(
    ("order", "cause"),
    [
        ("raise", "ValueError: bad mail"),
        ("die", "died"),
        ("eat", "more memory than TRIAGE_MESSAGE_MEGABYTES"),
        ("sleep 9", "longer than 2 seconds"),
        ("spin", "longer than 2 seconds|SIGXCPU"),
    ],
)
def test_a_bad_message_fails_alone_and_says_why(pool: ChildReaders, order: str, cause: str) -> None:
    bad, good = pool.submit(message(order)), pool.submit(message("good"))
    with pytest.raises(ReadingError, match=cause):
        bad.result(30)
    assert good.result(30).mail.subject == "good"


def test_a_reader_that_cannot_be_loaded_is_no_fault_of_the_message() -> None:
    with (
        ChildReaders(readers.make_no_reader, workers=1, seconds=2, megabytes=512) as pool,
        pytest.raises(WorkError, match=r"data/ is missing.*triage check"),
    ):
        pool.submit(message("good")).result(30)


def test_a_closed_pool_reads_nothing_more_and_closes_twice() -> None:
    pool = ChildReaders(readers.make_reader, workers=1, seconds=2, megabytes=512)
    pool.close()
    pool.close()
    with pytest.raises(WorkError):
        pool.submit(message("good"))


def test_closing_breaks_off_what_is_being_read() -> None:
    pool = ChildReaders(readers.make_reader, workers=1, seconds=30, megabytes=512)
    waiting = [pool.submit(message("sleep 20")) for _ in range(2)]
    pool.close()
    for promise in waiting:
        with pytest.raises((WorkError, ReadingError)):
            promise.result(10)
