"""Facts that need arithmetic or addresses rather than words; conditions name them (`fact = "..."`)."""

from collections.abc import Callable, Iterator

from models.knowledge.rules import PriceBand
from models.reading import OfferLine, Polarity, Span
from triage.stages.facts import Facts
from triage.stages.misplaced import (
    claims_contradict,
    class_beside_other_standard,
    line_around,
    standard_of_another_product,
    within,
)
from triage.stages.papers import (
    account_in_another_country,
    certificate_of_another_model,
    certificate_of_these_days,
    certificate_out_of_force,
)
from triage.stages.senders import (
    domain_of,
    free_mail_address,
    lookalike,
    miswritten,
    named_domains,
    open_to_anyone,
    sender_addresses,
)

Spans = tuple[Span, ...]
PIECE = {None, "piece", "box"}


def free_mail_sender(facts: Facts) -> Spans | None:
    """The supplier writes from a free-mail address."""
    return None if free_mail_evidence(facts) is None else ()


def free_mail_evidence(facts: Facts) -> str | None:
    """That address."""
    if facts.knowledge.senders is None:
        return None
    addresses = sender_addresses(facts.mail, facts.separated, facts.reading.supplier)
    return free_mail_address(addresses, facts.knowledge.senders)


def no_company(facts: Facts) -> Spans | None:
    """No company and no organisation number could be read, and the address has no domain to look one up by."""
    supplier, senders = facts.reading.supplier, facts.knowledge.senders
    if supplier.company or supplier.org_number:
        return None
    known = senders is not None and supplier.email is not None and not open_to_anyone(supplier.email, senders)
    return None if known else ()


def lookalike_domain(facts: Facts) -> Spans | None:
    """The sender's domain imitates the desk's own or a known one."""
    return None if lookalike_evidence(facts) is None else ()


def lookalike_evidence(facts: Facts) -> str | None:
    """Both domains."""
    if facts.knowledge.senders is None:
        return None
    direct = [a.address for a in (*facts.mail.from_, *facts.mail.reply_to)]
    own = facts.own_addresses or tuple(a.address for a in facts.mail.to)
    parties = named_domains(facts.mail)
    pair = lookalike(map(domain_of, direct), map(domain_of, own), parties, facts.knowledge.senders)
    company = facts.reading.supplier.company or ""
    disguised = (domain_of(one) for one in direct if miswritten(domain_of(one), company, facts.knowledge.senders))
    pair = pair or next(((domain, company) for domain in disguised), None)
    return None if pair is None else f"{pair[0]} / {pair[1]}"


def outside_eea(facts: Facts) -> Spans | None:
    """The supplier is known to be outside the home market."""
    country = facts.reading.supplier.country
    return () if country and country not in facts.knowledge.home_market else None


def price_without_unit(facts: Facts) -> Spans | None:
    """A price whose unit is not said."""
    open_ = [line for line in facts.lines if line.price is not None and line.price_unit is None]
    return _price_spans(open_) if open_ else None


def price_above(facts: Facts) -> Spans | None:
    """A price above its clear limit, which is still this kind of product."""
    over = [line for line, price, band in _banded(facts) if band.high is not None and price > band.high]
    return _price_spans(over) if over else None


def price_below(facts: Facts) -> Spans | None:
    """A price below its clear limit."""
    under = [line for line, price, band in _banded(facts) if band.low is not None and price < band.low]
    return _price_spans(under) if under else None


def _banded(facts: Facts) -> Iterator[tuple[OfferLine, float, PriceBand]]:
    """Lines with a price a piece, in the currency of the band that applies: of several the highest."""
    bands = [band for band in facts.knowledge.bands if band.in_force.on(facts.on) and band.category in facts.categories]
    for line in facts.lines:
        fitting = [band for band in bands if band.category == line.category and _fits(line, facts, band)]
        band = max(fitting, key=lambda one: one.high or 0, default=None)
        price = piece_price(line, band.currency, facts) if band else None
        if band and price is not None and (band.other_product is None or price <= band.other_product):
            yield line, price, band


def _fits(line: OfferLine, facts: Facts, band: PriceBand) -> bool:
    """Whether a band is for what a line offers: by the claims on the line, else by those on no line with a price."""
    pattern = band.claim_pattern
    if pattern is None:
        return True
    claims = [one for one in facts.claims(band.category, doubtful=True) if one.polarity is Polarity.ASSERTED]
    priced = [line_around(facts, span) for one in facts.lines for span in _price_spans([one])]
    own = [line_around(facts, span) for span in _price_spans([line])]
    on_line = [claim for claim in claims if any(within(claim.span, one) for one in own)]
    shared = [claim for claim in claims if not any(within(claim.span, one) for one in priced)]
    return any(pattern.match(claim.code) for claim in on_line or shared)


def piece_price(line: OfferLine, currency: str, facts: Facts) -> float | None:
    """The price of a piece in `currency`, or None where the unit, the box size or the rate is not known.

    What is sold by the pair are sterile gloves and gloves for work, of which the bands know nothing.
    """
    rates = facts.knowledge.rates
    known = line.currency is not None and line.currency in rates and currency in rates
    if line.price is None or not known or line.price_unit not in PIECE:
        return None
    if line.box_size and line.price_unit != "box":
        return None  # a box is named and the price might be the box's
    pieces = line.box_size if line.price_unit == "box" else 1
    return line.price * rates[line.currency or ""] / rates[currency] / pieces if pieces else None


def _price_spans(lines: list[OfferLine]) -> Spans:
    return tuple(span for line in lines for name, span in line.spans if name == "price")


COMPUTED: dict[str, Callable[[Facts], Spans | None]] = {
    found.__name__: found
    for found in (
        free_mail_sender, no_company, lookalike_domain, outside_eea, price_without_unit, price_above, price_below,
        claims_contradict, standard_of_another_product, class_beside_other_standard, certificate_of_another_model,
        certificate_out_of_force, certificate_of_these_days, account_in_another_country,
    )
}  # fmt: skip
WORDS: dict[str, Callable[[Facts], str | None]] = {
    "free_mail_sender": free_mail_evidence,
    "lookalike_domain": lookalike_evidence,
}
"""Evidence of a fact in words, where it has no span."""
