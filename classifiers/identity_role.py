"""What a supplier says he is: the maker of the goods, a dealer, or a broker."""

import re
from functools import lru_cache

from classifiers.identity_source import Found
from classifiers.wording import alternatives
from models.knowledge.identity import ContactVocabulary

_ORDER = ("broker", "manufacturer", "dealer")
_LONGEST = 20_000


def role_of(text: str, words: ContactVocabulary) -> Found | None:
    """The role and where it is said: a broker's words weigh most, then a maker's. None when nothing is said."""
    lowered = text[:_LONGEST].lower()
    if not any(word in lowered for role in (words.brokers, words.manufacturers, words.dealers) for word in role):
        return None
    said = {found.lastgroup: found for found in reversed(list(_roles(words).finditer(text[:_LONGEST])))}
    role = next((one for one in _ORDER if one in said), None)
    return Found(role, said[role].start(), said[role].end()) if role else None


@lru_cache(maxsize=32)
def _roles(words: ContactVocabulary) -> re.Pattern[str]:
    lists = {"broker": words.brokers, "manufacturer": words.manufacturers, "dealer": words.dealers}
    any_ = alternatives(word for role in _ORDER for word in lists[role])
    denied = rf"{alternatives(words.no_role)}\s(?:\w{{1,20}}\s)?{any_}"
    named = (rf"(?P<{role}>{alternatives(lists[role])})" for role in _ORDER)
    return re.compile("|".join([denied, *named]), re.IGNORECASE)
