"""Which lines of new text are a disclaimer: notices of confidentiality, of virus scanners, about printing."""

from collections.abc import Sequence

from models.knowledge.separation import SeparationKnowledge
from triage.stages.goods import tells_of_goods
from triage.stages.signature_extent import BLANK

MAX_PARAGRAPH = 3_000


def disclaimer_lines(lines: Sequence[str], knowledge: SeparationKnowledge) -> set[int]:
    """Numbers of the lines of a stretch of new text that are disclaimer. A line that tells of goods never is."""
    found: set[int] = set()
    start = 0
    for index in range(len(lines) + 1):
        if index < len(lines) and lines[index].strip(BLANK):
            continue
        if index > start:
            found.update(start + number for number in _within(lines[start:index], knowledge))
        start = index + 1
    return found


def _within(paragraph: Sequence[str], knowledge: SeparationKnowledge) -> range:
    """The lines of a paragraph from the sentence with the first phrase of a disclaimer to the next line of goods."""
    text, begins = "", []
    for line in paragraph:
        begins.append(len(text))
        text += f"{' '.join(line[:MAX_PARAGRAPH].casefold().split())} "
        if len(text) > MAX_PARAGRAPH:
            break
    at = min((found for found in map(text.find, knowledge.disclaimers) if found >= 0), default=-1)
    if at < 0:
        return range(0)
    first = max(number for number, begin in enumerate(begins) if begin <= at)
    if tells_of_goods(paragraph[first], knowledge):
        return range(0)
    while first and not _ends_sentence(paragraph[first - 1]) and not tells_of_goods(paragraph[first - 1], knowledge):
        first -= 1
    end = first
    while end < len(paragraph) and not tells_of_goods(paragraph[end], knowledge):
        end += 1
    return range(first, end)


def _ends_sentence(line: str) -> bool:
    return line.rstrip(BLANK + "*_").endswith((".", "!", "?", ":", ";"))
