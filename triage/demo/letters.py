"""What the made-up mail says: a letter from the hand-written parts, before it takes its form on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from triage.demo.goods import describe
from triage.demo.people import Correspondent, make_correspondent
from triage.demo.plan import Planned, Proportions
from triage.demo.wording import Language, Product, Texts, Wording, say

TABLE = ("product", "quantity", "box", "price", "proof")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter. `blocks` are its paragraphs, `table` the rows of an attached list, `quoted` the text it answers."""

    sender: Correspondent
    named: bool
    sent: datetime
    subject: str
    blocks: Texts
    signature: str
    table: tuple[Texts, ...] = ()
    quoted: str = ""
    quoted_by: str = ""

    @property
    def text(self) -> str:
        """The new text with its signature."""
        return "\n\n".join(part for part in (*self.blocks, self.signature) if part)

    @property
    def whole(self) -> str:
        """The new text and, below it, the text it answers."""
        if not self.quoted:
            return f"{self.text}\n"
        lines = "\n".join(f"> {line}" for line in self.quoted.splitlines())
        return f"{self.text}\n\n{self.quoted_by}\n{lines}\n"


class Writer:
    """Writes letters in one wording, for one desk."""

    def __init__(self, wording: Wording, proportions: Proportions) -> None:
        self.wording, self.proportions = wording, proportions

    def write(self, planned: Planned, random: Random, *, sent: datetime, answers: Letter | None = None) -> Letter:
        """The letter that was `planned`; `answers` is the earlier letter it refers to."""
        language = self.wording.languages[planned.language]
        sender = answers.sender if answers else make_correspondent(language, random)
        values = self._values(planned, sender, sent, random)
        if planned.intent == self.proportions.roles.offer:
            subject, blocks, named = self._offer(planned, language, values, random)
        else:
            subject, blocks = self._said(planned, language, values, random)
            named = answers is None or answers.named
        common = language.common
        signature = say(common.signatures if named else common.anonymous, values, random)
        return Letter(
            sender=sender,
            named=named,
            sent=sent,
            subject=language.reply_prefix + answers.subject if answers else subject,
            blocks=blocks,
            signature=f"{say(common.closings, values, random)}\n{signature}",
            table=tuple(dict.fromkeys(tuple(values[name + end] for name in TABLE) for end in ("", "2"))),
            quoted=answers.text if answers else "",
            quoted_by=_quoted_by(answers, language) if answers else "",
        )

    def _values(self, planned: Planned, sender: Correspondent, sent: datetime, random: Random) -> dict[str, str]:
        """What texts may say, by name; that of the second product under names that end in 2."""
        first = self._goods(planned, self.wording.products[planned.product], random)
        second = first
        if planned.other != planned.product:
            second = self._goods(planned, self.wording.products[planned.other], random)
        number = f"{sent.year}-{random.randint(100000, 999999)}"
        return {
            **sender.values(),
            **first,
            **{f"{name}2": value for name, value in second.items()},
            "days": str(random.choice((2, 3, 5, 7, 10, 12, 14, 18, 21, 28))),
            "week": str((sent + timedelta(weeks=random.randint(1, 4))).isocalendar().week),
            "weekday": _weekday(sent + timedelta(days=random.randint(-6, -1)), planned.language),
            "subject": self.proportions.desk.receipt.format(number=number),
        }

    def _goods(self, planned: Planned, product: Product, random: Random) -> dict[str, str]:
        return describe(
            product,
            self.wording.name(product, planned.language, random),
            numbers=self.wording.languages[planned.language].numbers,
            rates=self.wording.rates,
            wrong_proof=planned.wrong_proof,
            random=random,
        )

    def _said(
        self, planned: Planned, language: Language, values: Mapping[str, str], random: Random
    ) -> tuple[str, Texts]:
        """Subject and paragraphs of a mail that is no offer."""
        texts = language.intents[planned.intent]
        parts = [texts.first, *(part for part in (texts.second, texts.last) if random.random() < 0.85)]
        sentences = [say(part, values, random) for part in parts]
        greeting = say(language.common.greetings, values, random)
        return say(texts.subjects, values, random), (greeting, *_paragraphs(sentences, random))

    def _offer(
        self, planned: Planned, language: Language, values: Mapping[str, str], random: Random
    ) -> tuple[str, Texts, bool]:
        """Subject and paragraphs of an offer, and whether it names who writes."""
        texts = language.offer
        subject = say(texts.subjects, values, random)
        if "quantity" in planned.lacking and values["quantity"] in subject:
            subject = values["product"]
        if planned.terse:
            extra = (say(texts.extras, values, random),) if random.random() < 0.5 else ()
            blocks = (say(texts.terse, values, random), *extra)
        else:
            blocks = self._offer_blocks(planned, language, values, random)
        return subject[:1].upper() + subject[1:], blocks, "contact" not in planned.lacking

    def _offer_blocks(self, planned: Planned, language: Language, values: Mapping[str, str], random: Random) -> Texts:
        texts = language.offer
        lines = [self._line(planned, language, values, random)]
        if planned.other != planned.product:
            second = {name[:-1]: value for name, value in values.items() if name.endswith("2")}
            lines.append(self._line(planned, language, {**values, **second}, random))
        sentences = []
        if "regulatory" not in planned.lacking:
            [stance] = random.choices((texts.regulatory, texts.pending, texts.denied), (80, 13, 7))
            sentences.append(say(stance, values, random))
        if "lead_time" not in planned.lacking:
            sentences.append(say(texts.lead_time, values, random))
        extras = random.sample(texts.extras, random.randint(0, min(2, len(texts.extras))))
        sentences += [say((extra,), values, random) for extra in extras]
        greeting = say(language.common.greetings, values, random)
        opening, invitation = say(texts.openings, values, random), say(texts.invitations, values, random)
        return (greeting, opening, "\n".join(lines), *_paragraphs(sentences, random), invitation)

    def _line(self, planned: Planned, language: Language, values: Mapping[str, str], random: Random) -> str:
        texts = language.offer
        quantity, price = "quantity" not in planned.lacking, "price" not in planned.lacking
        if quantity and not price and self.wording.products[planned.product].per_week:
            return say(texts.per_week, values, random)
        if quantity:
            return say(texts.full if price else texts.quantity_only, values, random)
        return say(texts.price_only if price else texts.bare, values, random)


def _quoted_by(letter: Letter, language: Language) -> str:
    values = letter.sender.values() | {"when": letter.sent.strftime(language.when)}
    return language.quote.format_map(values)


def _weekday(day: datetime, language: str) -> str:
    from babel.dates import get_day_names

    return str(get_day_names("wide", locale=language)[day.weekday()])


def _paragraphs(sentences: list[str], random: Random) -> Texts:
    if len(sentences) > 1 and random.random() < 0.6:
        return (" ".join(sentences),)
    return tuple(sentences)
