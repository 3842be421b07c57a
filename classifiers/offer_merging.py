"""The same item said twice (subject and body, body and attachment) becomes one line."""

from collections.abc import Sequence

from classifiers.offer_drafts import Draft
from classifiers.packings import in_pieces
from models.reading import Where


def merged(drafts: Sequence[Draft]) -> list[Draft]:
    """`drafts` of all passages with what says the same joined; order kept."""
    body = [draft for draft in drafts if draft.passage.where is Where.BODY]
    attached = [draft for draft in drafts if draft.passage.where is Where.ATTACHMENT]
    subject = [draft for draft in drafts if draft.passage.where is Where.SUBJECT]
    lines = _joined(body, attached)
    for draft in subject:
        same = [line for line in lines if line.category == draft.category]
        if not same:
            lines.insert(0, draft)
        elif len(same) == 1 and same[0].amount is None:
            same[0].complete(draft)
    return _without_bare(lines)


def _joined(first: Sequence[Draft], second: Sequence[Draft]) -> list[Draft]:
    """Each of `second` completes the one of `first` that it agrees with; sums of what `second` details fall away."""
    lines = [draft for draft in first if not _is_sum(draft, second)]
    taken: set[int] = set()
    for draft in second:
        match = next((n for n, line in enumerate(lines) if n not in taken and _agree(line, draft)), None)
        if match is None:
            lines.append(draft)
        else:
            taken.add(match)
            lines[match].complete(draft)
    return lines


def _agree(one: Draft, other: Draft) -> bool:
    if one.category != other.category or one.passage is other.passage:
        return False
    amounts, costs = (_pieces(one), _pieces(other)), (one.price, other.price)
    if amounts[0] is not None and amounts[1] is not None and amounts[0] != amounts[1]:
        return False
    return not (costs[0] and costs[1] and costs[0].value != costs[1].value)


def _is_sum(draft: Draft, others: Sequence[Draft]) -> bool:
    """Whether an amount without price is the sum of several lots told elsewhere."""
    lots = [pieces for other in others if other.category == draft.category and (pieces := _pieces(other)) is not None]
    own = _pieces(draft)
    return own is not None and draft.price is None and len(lots) > 1 and own == sum(lots)


def _pieces(draft: Draft) -> float | None:
    return in_pieces(draft.amount, draft.packs)[0] if draft.amount else None


def _without_bare(lines: Sequence[Draft]) -> list[Draft]:
    """A product without facts stays only while nothing else is known of its category."""
    known = {line.category for line in lines if not line.bare()}
    return [line for line in lines if not line.bare() or line.category not in known]
