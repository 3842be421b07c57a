"""Names of public bodies, associations and works, which carry no legal form."""

import re
from collections.abc import Iterator
from functools import lru_cache

from classifiers.company_names import CAPITALS, Name
from classifiers.wording import alternatives, folded
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge


def institutions(text: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Iterator[tuple[Name, str]]:
    """(name, the name of what it belongs to, or empty) of each: "Solbakken sykehjem, Vik kommune"."""
    lowered = text.lower()
    if not any(kind in lowered for kind in knowledge.institutions):
        return
    for found in _institution(words, knowledge).finditer(text):
        if folded(found["first"].split(" ")[0]) not in words.not_names | words.lead_ins:
            yield Name(found["first"], found.start("first"), found.end("first")), found["further"] or ""


@lru_cache(maxsize=32)
def _institution(words: ContactVocabulary, knowledge: IdentityKnowledge) -> re.Pattern[str]:
    kinds = alternatives(knowledge.institutions)
    where = alternatives(words.place_words)
    between = r"(?: [a-zæøåäöü-]{1,12}){0,2}"
    named = (
        rf"{CAPITALS.pattern}{between} ?(?i:{kinds})|(?<![\w-])(?=[A-ZÆØÅÄÖ])(?i:{kinds}) {where} {CAPITALS.pattern}"
    )
    return re.compile(rf"(?P<first>{named})(?:, (?P<further>{named}))?")
