"""A walk down the lines of a text that tells what is new, what is quoted and what is passed on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.knowledge.separation import SeparationKnowledge
from models.mail import Address, ParsedMail, SegmentKind
from triage.stages.goods import names_goods
from triage.stages.quotation import Beginning, Mark, beginning_at, leading_prefix, unquoted

MAX_BLANK = 4
LEAST_BROKEN = 60
MAX_REMAINDER = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Who sends a mail to whom, and what its subject and its threading say that he does."""

    sender: Address
    recipients: frozenset[str]
    passes_on: bool
    answers: bool

    def inside(self, address: str) -> bool:
        """Whether an address is of the house that sent the mail to itself."""
        domain = _domain(address)
        return bool(domain) and domain == _domain(self.sender.address) and self.colleague

    @property
    def colleague(self) -> bool:
        """Whether the mail was sent within one house."""
        return _domain(self.sender.address) in {_domain(one) for one in self.recipients}


def parties_of(mail: ParsedMail, knowledge: SeparationKnowledge) -> Parties:
    """The parties of a mail. It answers when its subject or its threading says so and it is not passed on."""
    prefix = leading_prefix(mail.subject)
    passes_on = prefix in knowledge.forward_prefixes
    replies = prefix in knowledge.reply_prefixes or bool(mail.in_reply_to or mail.references)
    return Parties(
        sender=mail.from_[0] if mail.from_ else Address(name="", address=""),
        recipients=frozenset(one.address.casefold() for one in mail.to if one.address),
        passes_on=passes_on,
        answers=replies and not passes_on,
    )


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()


@dataclass(slots=True)
class Scan:
    """`kinds` of the lines after `run`, and the innermost `sender` of what is passed on.

    `ruling` is what everything at least `ruling_depth` quote marks deep is. Within it, lines at least `quoted_depth`
    deep (when that is not 0) are what the forwarded mail quotes.
    """

    lines: Sequence[str]
    knowledge: SeparationKnowledge
    parties: Parties
    depths: list[int] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    kinds: list[SegmentKind] = field(default_factory=list)
    ruling: SegmentKind = SegmentKind.NEW
    ruling_depth: int = 0
    quoted_depth: int = 0
    passed_on: bool = False
    written: bool = False
    begun: bool = False
    sender: Address | None = None

    def run(self) -> None:
        """Give every line its kind as far as quotation and forwarding go."""
        self.passed_on = self.parties.passes_on
        for line in self.lines:
            depth, bare = unquoted(line)
            self.depths.append(depth)
            self.bare.append(bare)
        if any(self.depths):
            self._mend()
        quoting = self._quoting_runs()
        while len(self.kinds) < len(self.lines):
            index = len(self.kinds)
            if self.depths[index] < self.ruling_depth:
                self.ruling, self.ruling_depth, self.quoted_depth = SegmentKind.NEW, 0, 0
            within = self.ruling is SegmentKind.QUOTATION
            begins = None if within else beginning_at(self.bare, index, self.knowledge)
            if begins is not None and self._counts(begins):
                self._begin(begins, index)
            else:
                self._line(index, quoting[index])

    def _mend(self) -> None:
        """Give remainders of quoted lines that a mailer broke their quote marks back."""
        for index in range(1, len(self.lines) - 1):
            depth, rest, before = self.depths[index - 1], self.bare[index].strip(), self.bare[index - 1].rstrip()
            if self.depths[index] or not depth or self.depths[index + 1] != depth or not rest:
                continue
            broken = len(before) >= LEAST_BROKEN and (before[-1].isalnum() or before[-1] == ",")
            if broken and len(rest) <= MAX_REMAINDER and not any(char.isdigit() for char in rest):
                self.depths[index] = depth

    def _quoting_runs(self) -> list[bool]:
        """For each line whether it is in a run of marked lines that quotes: ">" also stands for "more than"."""
        quoting = [False] * len(self.lines)
        start = 0
        for end in range(len(self.lines) + 1):
            if end < len(self.lines) and self.depths[end]:
                continue
            if end > start:
                quoting[start:end] = [self._quotes(start, end)] * (end - start)
            start = end + 1
        return quoting

    def _quotes(self, start: int, end: int) -> bool:
        run = range(start, end)
        answers = self.parties.answers or self.parties.passes_on or self.begun
        if answers and any(self.depths[number] > 1 or not self.bare[number].strip() for number in run):
            return True
        if not any(self._offers(self.bare[number]) for number in run):
            return True
        compares = all(self.bare[number][:1].isdigit() for number in run) and start and self.bare[start - 1].strip()
        return (self.parties.answers or self.parties.passes_on) and not compares

    def _offers(self, line: str) -> bool:
        return any(char.isdigit() for char in line) or names_goods(line, self.knowledge)

    def _line(self, index: int, quoting: bool) -> None:
        kind = self.ruling
        if kind is SegmentKind.NEW and self.depths[index] and (self.begun or quoting):
            kind = SegmentKind.FORWARDED if self.passed_on else SegmentKind.QUOTATION
        if kind is SegmentKind.FORWARDED and 0 < self.quoted_depth <= self.depths[index]:
            kind = SegmentKind.QUOTATION
        self.kinds.append(kind)
        self.written = self.written or (kind is SegmentKind.NEW and bool(self.lines[index].strip()))

    def _begin(self, begins: Beginning, index: int) -> None:
        depth = self.depths[index]
        following, marked = self._next_filled(begins.after)
        if self.ruling is SegmentKind.FORWARDED and begins.mark is Mark.ATTRIBUTION:
            self.kinds += [SegmentKind.QUOTATION] * (following - index)
            self.quoted_depth = marked
            return
        kind = self._kind(begins)
        self.kinds += [kind] * ((following if marked > depth else begins.after) - index)
        if begins.mark is not Mark.ATTRIBUTION or (marked <= depth and depth == 0):
            self.ruling, self.ruling_depth, self.quoted_depth = kind, depth, 0
        self.begun = True
        if kind is SegmentKind.FORWARDED:
            self._pass_on(begins)
        else:
            self.passed_on = False

    def _pass_on(self, begins: Beginning) -> None:
        """Note who wrote what is passed on. What he answered is quoted, unless he is a colleague."""
        sender = begins.sender
        if sender is not None and not sender.address and sender.name == self.parties.sender.name:
            sender = self.parties.sender
        self.sender = sender or self.sender
        answered = leading_prefix(begins.subject) in self.knowledge.reply_prefixes
        colleague = sender is not None and self.parties.inside(sender.address)
        self.passed_on = (self.passed_on or begins.mark is Mark.FORWARDED) and (colleague or not answered)

    def _counts(self, begins: Beginning) -> bool:
        """Whether it begins earlier mail here.

        A header block without a date on top of a mail is what a web form sends; inside forwarded mail an attribution
        counts only when marked lines follow it.
        """
        if self.ruling is SegmentKind.FORWARDED:
            depth = self.depths[begins.first]
            return begins.mark is not Mark.ATTRIBUTION or self._next_filled(begins.after)[1] > depth
        return begins.mark is not Mark.HEADER or begins.dated or self.written

    def _kind(self, begins: Beginning) -> SegmentKind:
        sender = begins.sender.address.casefold() if begins.sender else ""
        if begins.mark is Mark.FORWARDED:
            return SegmentKind.FORWARDED
        if self._comes_back(sender):
            return SegmentKind.QUOTATION
        if self.passed_on:
            return SegmentKind.FORWARDED
        if self.ruling is SegmentKind.FORWARDED or begins.mark is Mark.ATTRIBUTION:
            return SegmentKind.QUOTATION
        if self.written:
            return SegmentKind.FORWARDED if self._handed_on(sender) else SegmentKind.QUOTATION
        answered = leading_prefix(begins.subject) in self.knowledge.reply_prefixes
        return SegmentKind.QUOTATION if answered else SegmentKind.FORWARDED

    def _comes_back(self, sender: str) -> bool:
        """Whether he who wrote gets his own words back: a recipient of this mail, or of that which a colleague had."""
        if not self.parties.colleague:
            return sender in self.parties.recipients
        answered = self.sender is not None and self.sender.address and not self.parties.inside(self.sender.address)
        return bool(answered) and self.parties.inside(sender)

    def _handed_on(self, sender: str) -> bool:
        """Whether a colleague put another's mail under his own words without a word of it in the subject."""
        return bool(sender) and self.parties.colleague and not self.parties.answers and not self.parties.inside(sender)

    def _next_filled(self, index: int) -> tuple[int, int]:
        """(number, quote depth) of the next line that is not blank."""
        for number in range(index, min(index + MAX_BLANK, len(self.bare))):
            if self.bare[number].strip() or self.depths[number]:
                return number, self.depths[number]
        return index, 0
