"""A mail's text cut into new text, quotation, forwarded mail, signature and disclaimer."""

from collections.abc import Sequence

from models.knowledge.separation import SeparationKnowledge
from models.mail import Address, ParsedMail, Segment, SegmentKind, Separated
from triage.stages.quotation import Beginning, Mark, beginning_at, leading_prefix, unquoted
from triage.stages.signature import disclaimer_lines, signature_lines

REPORT = "multipart/report"


def separate(mail: ParsedMail, knowledge: SeparationKnowledge) -> Separated:
    """Segments that follow each other and cover `mail.text`; their joined new text; the sender of forwarded mail."""
    lines = _lines(mail.text)
    kinds, sender = _earlier(lines, mail.subject, knowledge)
    _mark_endings(lines, kinds, _called(mail), knowledge)
    segments = _segments(lines, kinds)
    new = "".join(mail.text[one.start : one.end] for one in segments if one.kind is SegmentKind.NEW)
    return Separated(segments=segments, new_text=new, original_from=sender or _enclosed(mail, knowledge))


def _lines(text: str) -> list[str]:
    *whole, rest = text.split("\n")
    return [f"{line}\n" for line in whole] + ([rest] if rest else [])


def _earlier(
    lines: Sequence[str], subject: str, knowledge: SeparationKnowledge
) -> tuple[list[SegmentKind], Address | None]:
    """The kind of each line as far as quotation and forwarding go, and the sender of what is forwarded."""
    marks = [unquoted(line) for line in lines]
    depths, bare = [depth for depth, _ in marks], [line for _, line in marks]
    passed_on = leading_prefix(subject) in knowledge.forward_prefixes
    kinds: list[SegmentKind] = []
    ruling, ruling_depth = SegmentKind.NEW, 0
    sender: Address | None = None
    index = 0
    while index < len(lines):
        depth = depths[index]
        if depth < ruling_depth:
            ruling, ruling_depth = SegmentKind.NEW, 0
        begins = None if ruling is SegmentKind.QUOTATION else beginning_at(bare, index, knowledge)
        if begins is not None and _counts(begins, ruling, kinds, lines):
            kind = _kind(begins, ruling, kinds, lines, passed_on=passed_on, knowledge=knowledge)
            if kind is SegmentKind.FORWARDED and begins.sender is not None:
                sender = begins.sender
            after, marked = _next_filled(depths, bare, begins.after)
            if marked <= depth:
                after = begins.after
            kinds += [kind] * (after - index)
            if begins.mark is Mark.ATTRIBUTION and marked <= depth < 1 or begins.mark is not Mark.ATTRIBUTION:
                ruling, ruling_depth = kind, depth
            passed_on = passed_on and leading_prefix(begins.subject) not in knowledge.reply_prefixes
            index = after
            continue
        if ruling is not SegmentKind.NEW:
            kinds.append(ruling)
        elif depth:
            kinds.append(SegmentKind.FORWARDED if passed_on else SegmentKind.QUOTATION)
        else:
            kinds.append(SegmentKind.NEW)
        index += 1
    return kinds, sender


def _counts(begins: Beginning, ruling: SegmentKind, kinds: Sequence[SegmentKind], lines: Sequence[str]) -> bool:
    """A header block without a date on top of a mail is what a web form sends, not earlier mail; inside forwarded mail
    only another separator or header block counts."""
    if ruling is SegmentKind.FORWARDED:
        return begins.mark is not Mark.ATTRIBUTION
    return begins.mark is not Mark.HEADER or begins.dated or _written(kinds, lines)


def _kind(
    begins: Beginning,
    ruling: SegmentKind,
    kinds: Sequence[SegmentKind],
    lines: Sequence[str],
    *,
    passed_on: bool,
    knowledge: SeparationKnowledge,
) -> SegmentKind:
    if begins.mark is Mark.FORWARDED or passed_on:
        return SegmentKind.FORWARDED
    if ruling is SegmentKind.FORWARDED or begins.mark is Mark.ATTRIBUTION or _written(kinds, lines):
        return SegmentKind.QUOTATION
    answered = leading_prefix(begins.subject) in knowledge.reply_prefixes
    return SegmentKind.QUOTATION if answered else SegmentKind.FORWARDED


def _written(kinds: Sequence[SegmentKind], lines: Sequence[str]) -> bool:
    """Whether anything new stands above."""
    return any(kind is SegmentKind.NEW and lines[number].strip() for number, kind in enumerate(kinds))


def _next_filled(depths: Sequence[int], bare: Sequence[str], index: int) -> tuple[int, int]:
    """(number, quote depth) of the next line that is not blank."""
    for number in range(index, min(index + 4, len(bare))):
        if bare[number].strip() or depths[number]:
            return number, depths[number]
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
