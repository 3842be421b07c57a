"""How far a signature reaches below the line that begins it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from models.knowledge.separation import SeparationKnowledge
from triage.stages.contact import is_contact, is_place, is_street
from triage.stages.goods import measures, names_goods

MAX_SIGNATURE_LINES = 18
MAX_FIRST_LINES = 5
MAX_REACH = 60
MAX_PROSE = 70
MAX_CONTACT = 200
MAX_NAME = 50
MAX_NAME_WORDS = 6
MAX_TITLE_WORDS = 8
_WORDS = re.compile(r"[^\W\d_]{1,60}")
_BULLET = re.compile(r"^(?:[-–•*·●▪>] ?|\d{1,2}[.)] )")
BLANK = "\u00a0 \t\r\n"


class Line(Enum):
    """What a line below a greeting may be."""

    CONTACT = 1  # surely of a signature
    NAME = 2  # a name, a title, a company
    PLACE = 3  # a street, or digits of unknown meaning: of a signature when a contact detail follows
    GOODS = 4  # names goods, as a company's name may: once right below a name, else when a contact detail follows
    OTHER = 5  # the signature is over


def greets(line: str, knowledge: SeparationKnowledge) -> bool:
    """Whether a line closes a letter, alone or with a name behind it."""
    folded = line.casefold().rstrip(" ,.!;:-–*").lstrip("*")
    if folded in knowledge.closings_alone:
        return True
    if not folded.startswith(knowledge.closings):
        return False
    rests = (folded.removeprefix(closing) for closing in knowledge.closings if folded.startswith(closing))
    rest = next((rest for rest in rests if rest[:1] in ("", *" ,./")), None)
    if rest is None:
        return False
    short = len(rest.split()) <= MAX_NAME_WORDS and len(rest) <= MAX_NAME
    return short and not any(map(str.isdigit, rest)) and not names_goods(rest, knowledge)


def signature_end(lines: Sequence[str], start: int, knowledge: SeparationKnowledge) -> int:
    """The line after a signature that starts at `start`: it ends where prose, a list or an offer begins.

    `lines` have no blanks around them.
    """
    reach = _Reach(lines=lines, end=start + 1)
    for index, line in enumerate(lines[start + 1 : start + MAX_REACH], start + 1):
        if not (reach.takes(index, line, knowledge) if line else reach.takes_blank(index)):
            break
    return reach.end


@dataclass(slots=True)
class _Reach:
    """How far a signature goes for sure (`end`), and the lines since then that only a contact detail would confirm."""

    lines: Sequence[str]
    end: int
    count: int = 0
    paragraph: int = 0
    doubtful: int = 0
    goods: int = 0

    def takes_blank(self, index: int) -> bool:
        """Whether the signature may go on below a blank line."""
        self.paragraph += 1 if self.count and self.lines[index - 1] else 0
        return not self.goods

    def takes(self, index: int, line: str, knowledge: SeparationKnowledge) -> bool:
        """Whether the signature may go on below a line, which is then of it or in doubt."""
        self.count += 1
        kind = kind_of(line, knowledge, first=self.paragraph == 0)
        if kind is Line.OTHER or self.count > MAX_SIGNATURE_LINES or greets(line, knowledge):
            return False
        if kind is Line.GOODS and self._is_company(index, knowledge):
            kind = Line.NAME
        if kind is Line.CONTACT or (self.doubtful and is_place(line)):
            self.end, self.doubtful, self.goods = index + 1, 0, 0
        elif kind is Line.NAME and not self.goods and self.end == _last_filled(self.lines, index):
            self._name(index)
        else:
            self.goods += kind is Line.GOODS
            self.doubtful += kind is Line.PLACE and not is_place(line)
        return self.goods <= 1 and self.doubtful <= 1

    def _is_company(self, index: int, knowledge: SeparationKnowledge) -> bool:
        """Whether a line that names goods is rather a company: one in the first paragraph, and no list of goods."""
        return self.paragraph == 0 and not self.goods and not _lists_on(self.lines, index, knowledge)

    def _name(self, index: int) -> None:
        """Names follow each other in the first paragraph; in the second there is one, a title or a company."""
        alone = index + 1 >= len(self.lines) or not self.lines[index + 1]
        if (self.paragraph == 0 and self.count <= MAX_FIRST_LINES) or (self.paragraph == 1 and alone):
            self.end = index + 1


def _lists_on(lines: Sequence[str], index: int, knowledge: SeparationKnowledge) -> bool:
    """Whether the next line that is not blank tells of goods too: two such lines are a list."""
    for line in lines[index + 1 : index + 4]:
        if line:
            return names_goods(line, knowledge) or measures(line, knowledge)
    return False


def _last_filled(lines: Sequence[str], index: int) -> int:
    """The number after the last line before `index` that is not blank."""
    while index and not lines[index - 1]:
        index -= 1
    return index


def kind_of(line: str, knowledge: SeparationKnowledge, *, first: bool) -> Line:
    """What a line below a greeting may be; `first`: in the paragraph right below it."""
    if line.casefold().startswith(knowledge.postscripts):
        return Line.OTHER
    if is_contact(line, knowledge):
        return Line.OTHER if len(line) > MAX_CONTACT or _tells_more(line, knowledge) else Line.CONTACT
    if _BULLET.match(line) or "\t" in line.strip() or line[-1] in ":?!" or len(line) > MAX_PROSE:
        return Line.OTHER
    digits = any(map(str.isdigit, line))
    if names_goods(line, knowledge):
        return Line.OTHER if digits else Line.GOODS
    if digits and measures(line, knowledge):
        return Line.OTHER
    if digits:
        return Line.PLACE if is_place(line) or is_street(line) or not line[0].isdigit() else Line.OTHER
    named = len(_WORDS.findall(line)) <= MAX_TITLE_WORDS if first else is_name(line)
    return Line.NAME if named else Line.OTHER


def _tells_more(line: str, knowledge: SeparationKnowledge) -> bool:
    """Whether a line with a contact detail is an offer, or prose about one."""
    return measures(line, knowledge) or (len(line.split()) > MAX_TITLE_WORDS and names_goods(line, knowledge))


def is_name(line: str) -> bool:
    """Whether a line may be a name, a title or a company: a few words without digits that end no sentence."""
    words = line.split()
    short = len(line) <= MAX_PROSE and len(words) <= MAX_NAME_WORDS + 1
    return short and not any(map(str.isdigit, line)) and line[-1] not in ".:?!,;"
