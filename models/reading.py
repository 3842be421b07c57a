"""What a mail says: language, intent, categories, claims, offer lines, supplier. Every value carries its span."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from models.mail import Segment


class Where(StrEnum):
    """The place in a mail where something stands."""

    SUBJECT = "subject"
    BODY = "body"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch [start, end), in code points, of the mail's subject, text or `attachments[attachment].text`.

    `text` is that slice, letter by letter.
    """

    where: Where
    start: int
    end: int
    text: str
    attachment: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text to read, with where it stands. `segments` cover `text`; subject and attachments are one NEW segment.

    `name` is the attachment's path, empty for subject and body.
    """

    where: Where
    text: str
    segments: tuple[Segment, ...]
    attachment: int | None = None
    name: str = ""


class Stance(StrEnum):
    """How a mail speaks of a product."""

    OFFERED = "offered"  # for sale, for free or for loan
    NEEDED = "needed"  # asked for or reported as missing
    MENTIONED = "mentioned"  # neither: background, comparison, what others make
    DENIED = "denied"  # "we have no ..."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductMention:
    """A product phrase in its context.

    `phrase` is the id of the row in `data/products` that found it; `quoted` marks one that stands in a quotation or a
    signature, which only mention; `leads` one that begins its line, list item or cell, `counted` one beside a number.
    """

    category: str
    stance: Stance
    span: Span
    phrase: str
    quoted: bool = False
    leads: bool = False
    counted: bool = False


class Polarity(StrEnum):
    """How a sender puts a claim (FORMAT: status)."""

    ASSERTED = "asserted"
    PENDING = "pending"
    DENIED = "denied"
    QUOTED = "quoted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A regulatory or quality statement by the sender. `rule` is the id of the data row that found it, `cue` the words
    that decided its polarity (empty when asserted by default). `extra` marks a code beyond the agreed list, `asked` a
    claim that stands in a question.
    """

    code: str
    polarity: Polarity
    span: Span
    rule: str
    category: str | None = None
    cue: str = ""
    extra: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """One item on offer (or needed). Only what is said; amounts in pieces where the mail allows.

    `per` is once, day, week or month; `price` is per `price_unit` in `currency` (ISO 4217); `lead_time_days` are
    calendar days, upper bound; `stock_country` is ISO 3166 alpha-2. `spans` name the field and where it stands.
    """

    category: str
    quantity: float | None = None
    per: str | None = None
    quantity_unit: str | None = None
    price: float | None = None
    currency: str | None = None
    price_unit: str | None = None
    box_size: int | None = None
    moq: float | None = None
    lead_time_days: int | None = None
    lead_time_text: str | None = None
    stock_country: str | None = None
    need: bool = False
    flags: tuple[str, ...] = ()
    spans: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """Who offers. `phone` as E.164 where it could be read so, `country` ISO 3166 alpha-2; `role`, where it is said, is
    manufacturer, dealer or broker.
    """

    company: str | None = None
    org_number: str | None = None
    org_number_valid: bool | None = None
    contact: str | None = None
    email: str | None = None
    phone: str | None = None
    country: str | None = None
    role: str | None = None
    spans: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the judgement of intent and categories rests on; built by `triage.stages.read`, never from addresses.

    `new_text` is the new text without signature, and below it what was forwarded with it, `attached` the text
    of the attachments (may be long), `screening` the ScreeningKind's value, `thread` whether the mail answers another.
    """

    subject: str
    new_text: str
    quoted: str
    attached: str
    language: str
    screening: str
    thread: bool
    products: tuple[ProductMention, ...]
    claims: tuple[Claim, ...]
    offer_lines: tuple[OfferLine, ...]
    offer_facts: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Intent and categories with their scores in [0, 1]. `uncertain` sends the mail to a person; `because` names the
    terms that weighed most, strongest first.
    """

    intent: str
    intent_confidence: float
    intent_scores: Mapping[str, float]
    categories: tuple[str, ...]
    category_scores: Mapping[str, float]
    uncertain: bool
    because: tuple[str, ...] = ()
    artifact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything read out of one mail.

    `offer_facts` are amounts and times of delivery wherever they stand, also where no offer line took them: the name
    of the line's field, and the words.
    """

    language: str
    judgement: Judgement
    products: tuple[ProductMention, ...] = ()
    claims: tuple[Claim, ...] = ()
    offer_lines: tuple[OfferLine, ...] = ()
    offer_facts: tuple[tuple[str, Span], ...] = ()
    supplier: Supplier = field(default_factory=Supplier)
