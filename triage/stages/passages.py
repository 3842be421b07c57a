"""The texts of a mail that are read: subject, body, attachments."""

from models.mail import ParsedMail, Segment, SegmentKind, Separated
from models.reading import Passage, Where


def passages(mail: ParsedMail, separated: Separated) -> tuple[Passage, ...]:
    """Subject, body, then each attachment that has text, with the segments that cover it."""
    found = [
        Passage(where=Where.SUBJECT, text=mail.subject, segments=_whole(mail.subject)),
        Passage(where=Where.BODY, text=mail.text, segments=separated.segments),
    ]
    found += [
        Passage(where=Where.ATTACHMENT, text=one.text, segments=_whole(one.text), attachment=number, name=one.path)
        for number, one in enumerate(mail.attachments)
        if one.text
    ]
    return tuple(found)


def _whole(text: str) -> tuple[Segment, ...]:
    return (Segment(kind=SegmentKind.NEW, start=0, end=len(text)),) if text else ()
