"""A mail's text cut into new text, quotation, forwarded mail, signature and disclaimer."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.knowledge.separation import SeparationKnowledge
from models.mail import Address, ParsedMail, Segment, SegmentKind, Separated
from triage.stages.quotation import Beginning, Mark, beginning_at, leading_prefix, unquoted
from triage.stages.signature import disclaimer_lines, signature_lines

REPORT = "multipart/report"
MAX_LINES = 20_000


def separate(mail: ParsedMail, knowledge: SeparationKnowledge) -> Separated:
    """Segments that follow each other and cover `mail.text`; their joined new text; the sender of forwarded mail."""
    lines = _lines(mail.text)
    passed_on = leading_prefix(mail.subject) in knowledge.forward_prefixes
    scan = _Scan(lines=lines[:MAX_LINES], knowledge=knowledge, passed_on=passed_on)
    scan.run()
    kinds = scan.kinds
    _mark_endings(lines, kinds, _called(mail), knowledge)
    kinds += kinds[-1:] * (len(lines) - len(kinds))
    segments = _segments(lines, kinds)
    new = "".join(mail.text[one.start : one.end] for one in segments if one.kind is SegmentKind.NEW)
    return Separated(segments=segments, new_text=new, original_from=scan.sender or _enclosed(mail, knowledge))


def _lines(text: str) -> list[str]:
    *whole, rest = text.split("\n")
    return [f"{line}\n" for line in whole] + ([rest] if rest else [])


@dataclass(slots=True)
class _Scan:
    """A walk down the lines. `ruling` is what everything at least `ruling_depth` quote marks deep is."""

    lines: Sequence[str]
    knowledge: SeparationKnowledge
    passed_on: bool
    depths: list[int] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    kinds: list[SegmentKind] = field(default_factory=list)
    ruling: SegmentKind = SegmentKind.NEW
    ruling_depth: int = 0
    written: bool = False
    sender: Address | None = None

    def run(self) -> None:
        """Give every line its kind as far as quotation and forwarding go."""
        for line in self.lines:
            depth, bare = unquoted(line)
            self.depths.append(depth)
            self.bare.append(bare)
        while len(self.kinds) < len(self.lines):
            index = len(self.kinds)
            if self.depths[index] < self.ruling_depth:
                self.ruling, self.ruling_depth = SegmentKind.NEW, 0
            quoting = self.ruling is SegmentKind.QUOTATION
            begins = None if quoting else beginning_at(self.bare, index, self.knowledge)
            if begins is not None and self._counts(begins):
                self._begin(begins, index)
            else:
                self._line(index)

    def _line(self, index: int) -> None:
        kind = self.ruling
        if kind is SegmentKind.NEW and self.depths[index]:
            kind = SegmentKind.FORWARDED if self.passed_on else SegmentKind.QUOTATION
        self.kinds.append(kind)
        self.written = self.written or (kind is SegmentKind.NEW and bool(self.lines[index].strip()))

    def _begin(self, begins: Beginning, index: int) -> None:
        kind, depth = self._kind(begins), self.depths[index]
        if kind is SegmentKind.FORWARDED and begins.sender is not None:
            self.sender = begins.sender
        following, marked = self._next_filled(begins.after)
        self.kinds += [kind] * ((following if marked > depth else begins.after) - index)
        if begins.mark is not Mark.ATTRIBUTION or (marked <= depth and depth == 0):
            self.ruling, self.ruling_depth = kind, depth
        answered = leading_prefix(begins.subject) in self.knowledge.reply_prefixes
        self.passed_on = self.passed_on and not answered

    def _counts(self, begins: Beginning) -> bool:
        """Whether it begins earlier mail here.

        A header block without a date on top of a mail is what a web form sends; inside forwarded mail only another
        separator or header block counts.
        """
        if self.ruling is SegmentKind.FORWARDED:
            return begins.mark is not Mark.ATTRIBUTION
        return begins.mark is not Mark.HEADER or begins.dated or self.written

    def _kind(self, begins: Beginning) -> SegmentKind:
        if begins.mark is Mark.FORWARDED or self.passed_on:
            return SegmentKind.FORWARDED
        if self.ruling is SegmentKind.FORWARDED or begins.mark is Mark.ATTRIBUTION or self.written:
            return SegmentKind.QUOTATION
        answered = leading_prefix(begins.subject) in self.knowledge.reply_prefixes
        return SegmentKind.QUOTATION if answered else SegmentKind.FORWARDED

    def _next_filled(self, index: int) -> tuple[int, int]:
        """(number, quote depth) of the next line that is not blank."""
        for number in range(index, min(index + 4, len(self.bare))):
            if self.bare[number].strip() or self.depths[number]:
                return number, self.depths[number]
        return index, 0


def _mark_endings(
    lines: Sequence[str], kinds: list[SegmentKind], names: Sequence[str], knowledge: SeparationKnowledge
) -> None:
    """Signatures and disclaimers within each run of new lines."""
    start = 0
    for end in range(len(kinds) + 1):
        if end < len(kinds) and kinds[end] is SegmentKind.NEW:
            continue
        run = lines[start:end]
        for number in signature_lines(run, names, knowledge) if run else ():
            kinds[start + number] = SegmentKind.SIGNATURE
        for number in disclaimer_lines(run, knowledge) if run else ():
            kinds[start + number] = SegmentKind.DISCLAIMER
        start = end + 1


def _called(mail: ParsedMail) -> tuple[str, ...]:
    """What the sender may call himself: display name, and its first word when there are several."""
    name = mail.from_[0].name if mail.from_ else ""
    words = name.split()
    return (name, words[0]) if len(words) > 1 else (name,)


def _segments(lines: Sequence[str], kinds: Sequence[SegmentKind]) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    start = end = 0
    for number, line in enumerate(lines):
        end += len(line)
        if number + 1 == len(lines) or kinds[number + 1] is not kinds[number]:
            segments.append(Segment(kind=kinds[number], start=start, end=end))
            start = end
    return tuple(segments)


def _enclosed(mail: ParsedMail, knowledge: SeparationKnowledge) -> Address | None:
    """The sender of the mail that lies in this one, unless this one reports on its delivery."""
    if not mail.nested or mail.content_type == REPORT:
        return None
    inner = mail.nested[0]
    deeper = separate(inner, knowledge).original_from
    return deeper or (inner.from_[0] if inner.from_ else None)
