"""Lines of contact details: addresses, telephone and register numbers, streets and places."""

import re

from models.knowledge.separation import SeparationKnowledge
from triage.stages.header_block import MAX_LINE

LEAST_DIGITS = 5
MAX_BETWEEN = 2
LEAST_BEHIND = 3
LEAST_LABEL = 5
MAX_LABEL = 12
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.")
_ABROAD = re.compile(r"\+\(?\d[\d ()./\-]{6,20}|\b00\d{1,3}[ \d()/\-]{6,20}\d")
_NUMBER = r"(?:[+(]?\d[\d ().\-/]{5,24})"
_NUMBER_ONLY = re.compile(rf"^{_NUMBER}$")
_TELEPHONE = re.compile(r"(?:^|[,|/·•] {0,3})(?:\d{2} \d{2} \d{2} \d{2}|\d{3} \d{2} \d{3}|\d{6}-\d{4})\)?$")
_PLACE = re.compile(
    r"(?:^|[ ,/|·•-])(?:[A-Z]{1,3}-?)?(?:\d{4,6}|\d{3} \d{2})"
    r" [A-ZÆØÅÄÖÜ][^\W\d_]{1,30}(?:[ ,/|-]{1,3}[^\W\d_]{1,30}){0,4}$"
)
_STREET = re.compile(r"^[^\W\d_][^\d\n]{2,40} \d{1,4} ?[A-Za-z]?(?:,.{0,80})?$")
_TOKENS = re.compile(r"[+(]?\d[\d ().\-/]{0,24}|[^\W\d_][^\W\d_.\-]{0,30}(?:[.\-][^\W\d_]{1,20}){0,2}")


def is_contact(line: str, knowledge: SeparationKnowledge) -> bool:
    """Whether a line surely holds an address or a number to reach or to look up its sender by."""
    line = line[:MAX_LINE]
    if "www." in line or "http://" in line or "https://" in line or ("@" in line and _ADDRESS.search(line)):
        return True
    heading, colon, _ = line.partition(":")
    heading = heading.casefold().strip(" *.")
    if colon and len(heading) > 1 and _is_label(heading, knowledge):
        return True
    return any(map(str.isdigit, line)) and _is_reached_by_number(line, knowledge)


def _is_reached_by_number(line: str, knowledge: SeparationKnowledge) -> bool:
    if _ABROAD.search(line) or _NUMBER_ONLY.match(line) or _TELEPHONE.search(line):
        return True
    place = _PLACE.search(line)
    if place and any(char.isalpha() for char in line[: place.start()]) and "," in line:
        return True
    return _labelled(line, knowledge)


def is_place(line: str) -> bool:
    """Whether a line ends in a postal code and a place."""
    return _PLACE.search(line[:MAX_LINE]) is not None


def is_street(line: str) -> bool:
    """Whether a line may be a street and its number."""
    return len(line.split()) <= MAX_BETWEEN + 4 and _STREET.match(line[:MAX_LINE]) is not None


def _labelled(line: str, knowledge: SeparationKnowledge) -> bool:
    """Whether a label of contact details stands before a number, at most two words between them.

    A short number counts right behind its label only; a label of one letter only at the start of the line.
    """
    since, label = MAX_BETWEEN + 1, ""
    for number, found in enumerate(_TOKENS.finditer(line)):
        token = found.group().casefold().rstrip(".")
        if token[0].isalpha():
            labels = _is_label(token, knowledge) and (len(token) > 1 or not number)
            since, label = (0, token) if labels else (since + 1, label)
        elif since <= (0 if len(label) == 1 else MAX_BETWEEN):
            digits = sum(char.isdigit() for char in token)
            if digits >= (LEAST_DIGITS if since or len(label) == 1 else LEAST_BEHIND):
                return True
    return False


def _is_label(token: str, knowledge: SeparationKnowledge) -> bool:
    """Whether a word is a label or a compound that ends in one."""
    ends = range(max(1, len(token) - MAX_LABEL), len(token) - LEAST_LABEL + 1)
    return token in knowledge.contact_labels or any(token[end:] in knowledge.contact_labels for end in ends)
