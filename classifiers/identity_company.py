"""The company that a mail comes from: of all that may name it, what most evidence speaks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from classifiers.company_names import Name, squeezed, without_form
from classifiers.identity_mentions import Candidate, candidates
from classifiers.identity_source import Found, Source, labelled
from classifiers.signature import Block
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge
from models.mail import ParsedMail, Separated

_LONGEST = 60
_LEAST_ALIKE = 4  # letters that two names share from the start, or to the end, when they are one


@dataclass(slots=True)
class _Company:
    """What names one company: its evidence by kind."""

    found: list[Candidate]

    def points(self, knowledge: IdentityKnowledge) -> float:
        return sum(knowledge.company_evidence.get(kind, 0) for kind in {one.kind for one in self.found})

    def takes(self, stem: str) -> bool:
        return any(_alike(_stem(one.name), stem) for one in self.found)


def company_of(
    mail: ParsedMail,
    separated: Separated,
    source: Source,
    block: Block,
    contact: Found | None,
    email: Found | None,
    words: ContactVocabulary,
    knowledge: IdentityKnowledge,
) -> Name | None:
    """The company, or None when too little speaks for any."""
    given = labelled(source.text, words.company)
    found = candidates(mail, separated, source, block, contact, email, words, knowledge)
    if given and len(given.value) <= _LONGEST:
        found = [Candidate(Name(given.value, given.start, given.end), "labelled"), *found]
    named = _grouped(found)
    best = max(named, key=lambda one: one.points(knowledge), default=None)
    if best is None or best.points(knowledge) < knowledge.company_least:
        return None
    return _written(best.found)


def _grouped(found: Iterable[Candidate]) -> list[_Company]:
    named: list[_Company] = []
    for one in found:
        stem = _stem(one.name)
        known = next((company for company in named if company.takes(stem)), None)
        if known:
            known.found.append(one)
        elif stem:
            named.append(_Company([one]))
    return named


def _stem(name: Name) -> str:
    return squeezed(without_form(name)) or squeezed(name.text)


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _LEAST_ALIKE and (long.startswith(short) or long.endswith(short)))


def _written(found: Sequence[Candidate]) -> Name:
    """How the company writes itself: with its legal form, in its signature, in full."""
    order = ("labelled", "formed", "signed", "introduced", "shown")
    rank = {kind: number for number, kind in enumerate(order)}
    ranked = sorted(
        found, key=lambda one: (one.kind != "labelled" and not one.name.form, rank.get(one.kind, len(order)))
    )
    first = ranked[0]
    placed = next((one.name for one in ranked if one.name.text == first.name.text and one.name.end), first.name)
    country = next((one.name.country for one in found if one.name.country), "")
    return Name(placed.text, placed.start, placed.end, placed.country or country, placed.form)
