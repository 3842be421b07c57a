"""Facts on papers: certificates of other models, holders and times, and accounts in other countries."""

import re
from collections.abc import Iterator
from datetime import date

from models.knowledge.rules import PaperKnowledge
from models.mail import Attachment
from models.reading import Span, Where
from triage.stages.facts import TITLE_LENGTH, Facts

Spans = tuple[Span, ...]
MOST_TEXT = 6000
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](\d{4})(?!\d)")


def certificate_of_another_model(facts: Facts) -> Spans | None:
    """A certificate names models of a series, and the mail offers others of it only."""
    knowledge = facts.knowledge.papers
    if knowledge is None:
        return None
    offered = list(_models(facts.mail.text[:MOST_TEXT], Where.BODY, None, knowledge))
    for number, paper in _certificates(facts):
        labelled = knowledge.model_label.finditer(paper.text[:MOST_TEXT])
        named = [one for found in labelled for one in _models_in(paper.text, found.end(), number, knowledge)]
        for model in offered:
            series = [one for one in named if _series(one) == _series(model)]
            if series and _plain(model) not in {_plain(one) for one in named}:
                return (model, *series)
    return None


def certificate_out_of_force(facts: Facts) -> Spans | None:
    """A certificate that has expired, or is said to hold longer than one may."""
    knowledge = facts.knowledge.papers
    if knowledge is None:
        return None
    for number, paper in _certificates(facts):
        issued = _dated(paper.text, knowledge.issued, number)
        expires = _dated(paper.text, knowledge.expires, number)
        if expires and expires[0] < facts.on:
            return (expires[1],)
        if issued and expires and (expires[0] - issued[0]).days > knowledge.longest_days:
            return (issued[1], expires[1])
    return None


def certificate_of_these_days(facts: Facts) -> Spans | None:
    """A certificate issued only days before the mail."""
    knowledge = facts.knowledge.papers
    if knowledge is None:
        return None
    for number, paper in _certificates(facts):
        issued = _dated(paper.text, knowledge.issued, number)
        if issued and 0 <= (facts.on - issued[0]).days <= knowledge.fresh_days:
            return (issued[1],)
    return None


def account_in_another_country(facts: Facts) -> Spans | None:
    """An account whose country is not the supplier's."""
    country, knowledge = facts.reading.supplier.country, facts.knowledge.papers
    if not country or knowledge is None:
        return None
    texts: list[tuple[str, Where, int | None]] = [(facts.mail.text, Where.BODY, None)]
    texts += [(one.text, Where.ATTACHMENT, number) for number, one in enumerate(facts.mail.attachments)]
    for text, where, number in texts:
        for found in knowledge.account.finditer(text[: facts.knowledge.scanned_length]):
            if found[1] != country:
                return (_span(text, found.start(1), found.end(), where, number),)
    return None


def _certificates(facts: Facts) -> Iterator[tuple[int, Attachment]]:
    knowledge = facts.knowledge.papers
    for number, paper in enumerate(facts.mail.attachments):
        if knowledge and knowledge.certificate.search(f"{paper.name}\n{paper.text[:TITLE_LENGTH]}"):
            yield number, paper


def _models(text: str, where: Where, number: int | None, knowledge: PaperKnowledge) -> Iterator[Span]:
    for found in knowledge.model.finditer(text):
        if not knowledge.no_model.match(found.group()):
            yield _span(text, found.start(), found.end(), where, number)


def _models_in(text: str, start: int, number: int, knowledge: PaperKnowledge) -> Iterator[Span]:
    """Models in the rest of the line."""
    end = text.find("\n", start)
    for one in _models(text[start : end if end >= 0 else len(text)], Where.ATTACHMENT, number, knowledge):
        yield _span(text, start + one.start, start + one.end, Where.ATTACHMENT, number)


def _series(model: Span) -> str:
    return re.split(r"\d", _plain(model), maxsplit=1)[0]


def _plain(model: Span) -> str:
    return re.sub(r"[\W_]", "", model.text).casefold()


def _dated(text: str, label: re.Pattern[str], number: int) -> tuple[date, Span] | None:
    """The first date right behind a label."""
    for found in label.finditer(text[:MOST_TEXT]):
        for pattern, order in ((_ISO, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1))):
            given = pattern.match(text, found.end())
            if given:
                try:
                    day = date(*(int(given[group]) for group in order))
                except ValueError:
                    continue
                return day, _span(text, given.start(), given.end(), Where.ATTACHMENT, number)
    return None


def _span(text: str, start: int, end: int, where: Where, number: int | None) -> Span:
    return Span(where=where, start=start, end=end, text=text[start:end], attachment=number)
