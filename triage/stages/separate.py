"""A mail's text cut into new text, quotation, forwarded mail, signature and disclaimer."""

from collections.abc import Sequence

from models.knowledge.separation import SeparationKnowledge
from models.mail import Address, ParsedMail, Segment, SegmentKind, Separated
from triage.stages.disclaimer import disclaimer_lines
from triage.stages.earlier_mail import Scan, parties_of
from triage.stages.signature import signature_lines

REPORT = "multipart/report"
MAX_LINES = 20_000


def separate(mail: ParsedMail, knowledge: SeparationKnowledge) -> Separated:
    """Segments that follow each other and cover `mail.text`; their joined new text; the sender of forwarded mail."""
    lines = _lines(mail.text)
    scan = Scan(lines=lines[:MAX_LINES], knowledge=knowledge, parties=parties_of(mail, knowledge))
    scan.run()
    kinds = scan.kinds + [scan.ruling] * (len(lines) - len(scan.kinds))
    _mark_endings(lines, kinds, _called(mail), knowledge)
    segments = _segments(lines, kinds)
    new = "".join(mail.text[one.start : one.end] for one in segments if one.kind is SegmentKind.NEW)
    return Separated(segments=segments, new_text=new, original_from=scan.sender or _enclosed(mail, knowledge))


def _lines(text: str) -> list[str]:
    *whole, rest = text.split("\n")
    return [f"{line}\n" for line in whole] + ([rest] if rest else [])


def _mark_endings(
    lines: Sequence[str], kinds: list[SegmentKind], names: Sequence[str], knowledge: SeparationKnowledge
) -> None:
    """Signatures and disclaimers within each run of new lines."""
    start = 0
    for end in range(len(kinds) + 1):
        if end < len(kinds) and kinds[end] is SegmentKind.NEW:
            continue
        run = list(lines[start:end])
        disclaimer = disclaimer_lines(run, knowledge)
        for number in disclaimer:
            run[number] = "\n"
        for number in signature_lines(run, names, knowledge) if run else ():
            kinds[start + number] = SegmentKind.SIGNATURE
        for number in disclaimer:
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
