"""Which lines of new text nobody wrote: notices of confidentiality, of virus scanners, what a mail program adds."""

from collections.abc import Sequence

from models.knowledge.separation import SeparationKnowledge
from triage.stages.goods import tells_of_goods, without_links
from triage.stages.header_block import MAX_LINE
from triage.stages.signature_extent import BLANK

MAX_PARAGRAPH = 3_000
LEAST_WRAPPED = 40
MAX_DEVICE = 80


def disclaimer_lines(lines: Sequence[str], knowledge: SeparationKnowledge) -> set[int]:
    """Numbers of the lines of a stretch of new text that are disclaimer. A line that tells of goods never is."""
    found = {number for number, line in enumerate(lines) if line != "\n" and _is_device(line, knowledge)}
    phrases = _phrases_in(lines, knowledge)
    if not phrases:
        return found
    start, first = 0, True
    for index in range(len(lines) + 1):
        if index < len(lines) and lines[index].strip(BLANK):
            continue
        if index > start:
            within = _within(lines[start:index], phrases, knowledge, banner=first)
            found.update(start + number for number in within)
            first = False
        start = index + 1
    return found


def _is_device(line: str, knowledge: SeparationKnowledge) -> bool:
    """Whether a line is what a mail program adds of itself."""
    if len(line) > MAX_LINE:
        return False
    folded = " ".join(without_links(line).casefold().split()).strip(" .*<>")
    added = folded.startswith(knowledge.devices) or any(
        folded.startswith(head) and folded.endswith(tail) for head, tail in knowledge.devices_around
    )
    return added and len(folded) <= MAX_DEVICE and not tells_of_goods(folded, knowledge)


def _phrases_in(lines: Sequence[str], knowledge: SeparationKnowledge) -> tuple[str, ...]:
    """The phrases of a disclaimer that may stand in a paragraph of these lines: in most mail none."""
    words = "".join(lines).casefold().split()
    whole = " ".join(words)
    possible = knowledge.disclaimers.keys() & {"", *words}
    return tuple(phrase for word in possible for phrase in knowledge.disclaimers[word] if phrase in whole)


def _folded(line: str) -> str:
    return f"{' '.join(line[:MAX_PARAGRAPH].casefold().split())} "


def _within(paragraph: Sequence[str], phrases: Sequence[str], knowledge: SeparationKnowledge, *, banner: bool) -> range:
    """The lines of a paragraph from the sentence with the first phrase of a disclaimer to the next line of goods.

    A `banner` that a gateway put on top of a mail ends with the sentence of its last phrase: the mail may follow.
    """
    text, begins = "", []
    for line in paragraph:
        begins.append(len(text))
        text += _folded(line)
        if len(text) > MAX_PARAGRAPH:
            break
    places = [at for at in map(text.find, phrases) if at >= 0]
    if not places:
        return range(0)
    first = max(number for number, begin in enumerate(begins) if begin <= min(places))
    last = max(number for number, begin in enumerate(begins) if begin <= max(places))
    if tells_of_goods(paragraph[first], knowledge):
        return range(0)
    while first and _belongs_above(paragraph[first - 1], knowledge):
        first -= 1
    end = first
    while end < len(paragraph) and not tells_of_goods(paragraph[end], knowledge):
        end += 1
        if banner and end > last and _ends_sentence(paragraph[end - 1]):
            break
    return range(first, end)


def _belongs_above(line: str, knowledge: SeparationKnowledge) -> bool:
    """Whether the sentence of a disclaimer begins in a line above its phrase, or a rule stands there."""
    if not any(char.isalnum() for char in line):
        return True
    wrapped = len(line.strip(BLANK)) >= LEAST_WRAPPED and not _ends_sentence(line)
    return wrapped and not tells_of_goods(line, knowledge)


def _ends_sentence(line: str) -> bool:
    return line.rstrip(BLANK + "*_)").endswith((".", "!", "?", ":", ";"))
