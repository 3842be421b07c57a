"""What a receipt says of one mail: only values that were read, never the sender's own words."""

from collections.abc import Iterable, Mapping

from models.case import Triaged
from models.knowledge.replies import ReplyKnowledge, ReplyWords
from models.reading import OfferLine, Polarity


def receipt_facts(
    triaged: Triaged, case_number: str, organisation: str, words: ReplyWords, knowledge: ReplyKnowledge
) -> Mapping[str, object]:
    """The names that the receipt templates may use."""
    reading = triaged.reading
    claims = {
        polarity: _once((c.code for c in reading.claims if c.polarity is polarity), knowledge.most_codes)
        for polarity in Polarity
    }
    held = set(claims[Polarity.ASSERTED])
    return {
        "case_number": case_number,
        "organisation": organisation,
        "categories": [words.categories.get(c, c) for c in reading.judgement.categories],
        "lines": _once((_line(line, words) for line in reading.offer_lines), knowledge.most_lines),
        "asserted": claims[Polarity.ASSERTED],
        "pending": [code for code in claims[Polarity.PENDING] if code not in held],
        "denied": [code for code in claims[Polarity.DENIED] if code not in held],
        "missing": [words.missing[name] for name in triaged.assessment.missing if name in words.missing],
    }


def _once(values: Iterable[str], most: int) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))[:most]


def _line(line: OfferLine, words: ReplyWords) -> str:
    """An offer line in words, empty when it says no amount and no price: "Gloves: 20,000 pcs. per week"."""
    said = []
    if line.quantity is not None:
        unit = words.units.get(line.quantity_unit or "piece", "")
        said.append(
            " ".join(filter(None, (_number(line.quantity, words), unit, words.periods.get(line.per or "", ""))))
        )
    if line.price is not None and line.currency:
        unit = words.units.get(line.price_unit or "", "")
        said.append(f"{_number(line.price, words)} {line.currency}" + (f" / {unit}" if unit else ""))
    return f"{words.categories.get(line.category, line.category)}: {', '.join(said)}" if said else ""


def _number(value: float, words: ReplyWords) -> str:
    """A number as the language writes it, with two decimals only where there are any."""
    plain = f"{value:,.2f}" if value % 1 else f"{value:,.0f}"
    return plain.replace(",", "\0").replace(".", words.decimal).replace("\0", words.group)
