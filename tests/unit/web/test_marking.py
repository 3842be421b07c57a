import html
import re
import time

from hypothesis import given
from hypothesis import strategies as st

from triage.web.marking import Mark, clean, marked

TEXTS = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
MARKS = st.lists(
    st.builds(
        lambda start, length, label: Mark(start=start, end=start + length, kind="asserted", label=label),
        st.integers(0, 60),
        st.integers(0, 20),
        TEXTS,
    ),
    max_size=8,
)
ALLOWED = re.compile(
    r'<mark class="asserted(?: follows)?" title="[^"<>]*">|</mark>|<span class="sr">\[[^<>]*\] </span>'
)


def mark(start: int, end: int, kind: str = "asserted", label: str = "CE") -> Mark:
    return Mark(start=start, end=end, kind=kind, label=label)


def plain(marked_up: str) -> str:
    without_labels = re.sub(r'<span class="sr">[^<]*</span>', "", marked_up)
    return html.unescape(re.sub(r"<[^>]*>", "", without_labels))


@given(TEXTS, MARKS)
def test_the_reader_sees_the_text_as_it_is_whatever_is_marked(text: str, marks: list[Mark]) -> None:
    assert plain(marked(text, marks)) == clean(text)


@given(TEXTS, MARKS)
def test_nothing_but_our_own_tags_comes_out(text: str, marks: list[Mark]) -> None:
    assert "<" not in ALLOWED.sub("", marked(text, marks))


@given(TEXTS)
def test_no_character_that_turns_the_writing_is_left(text: str) -> None:
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ud800-\udfff\x00-\x08\x7f]", clean(text))


def test_a_mark_says_in_words_what_it_is() -> None:
    assert marked("CE-merket", [mark(0, 2, label="CE, påstått")]) == (
        '<mark class="asserted" title="CE, påstått"><span class="sr">[CE, påstått] </span>CE</mark>-merket'
    )


def test_marks_that_overlap_are_both_named_where_they_meet() -> None:
    shown = marked("FFP2 KN95", [mark(0, 9, label="a"), mark(5, 9, kind="denied", label="b")])
    assert 'class="asserted" title="a"' in shown
    assert 'class="denied" title="a; b"' in shown


def test_a_mark_over_the_edge_of_a_segment_is_cut_there() -> None:
    assert plain(marked("abcdef", [mark(1, 5)], 2, 4)) == "cd"


def test_a_file_name_that_reads_backwards_reads_forwards() -> None:
    assert clean("faktura\u202efdp.exe") == "fakturafdp.exe"


def test_a_long_text_with_a_thousand_marks_is_quick() -> None:
    text = "a" * 100_000
    started = time.process_time()
    marked(text, [mark(i * 90, i * 90 + 2000) for i in range(1000)])
    assert time.process_time() - started < 2
