"""Facts on claims that do not belong where they stand: beside another product, class or document."""

from models.reading import Claim, Span, Where
from triage.stages.facts import TITLE_LENGTH, Facts

Spans = tuple[Span, ...]
NEAR = 50  # characters between a product and the standard that is said of it


def claims_contradict(facts: Facts) -> Spans | None:
    """Codes of a family that excludes others: the mail asserts some, its documents only others, for one category."""
    for category in facts.categories:
        for _, family in facts.knowledge.exclusive:
            asserted = [c for c in facts.asserted(category) if family.fullmatch(c.code)]
            said = {c.code: c.span for c in asserted if c.span.where is not Where.ATTACHMENT}
            shown = {c.code: c.span for c in asserted if facts.is_proof(c.span) or _in_data_sheet(c.span, facts)}
            if said and shown and not said.keys() & shown.keys():
                return (*said.values(), *shown.values())
    return None


def _in_data_sheet(span: Span, facts: Facts) -> bool:
    papers, number = facts.knowledge.papers, span.attachment
    if papers is None or number is None or number >= len(facts.mail.attachments):
        return False
    paper = facts.mail.attachments[number]
    return papers.data_sheet.search(f"{paper.name}\n{paper.text[:TITLE_LENGTH]}") is not None


def standard_of_another_product(facts: Facts) -> Spans | None:
    """A standard right behind the only product of its line, for which it is not, and no other standard that is."""
    naming = facts.knowledge.naming
    for claim in facts.asserted(None):
        home = _home(claim, facts)
        if home is None:
            continue
        line = line_around(facts, claim.span)
        codes = [c for c in facts.reading.claims if within(c.span, line)]
        named = naming is not None and any(naming.match(c.code) for c in codes)
        about = [p for p in facts.reading.products if within(p.span, line) and p.category in facts.categories]
        other = {product for code in codes for product in _home(code, facts) or ()}
        alone = len({p.category for p in about}) == 1 and not named and about[0].category not in other
        if alone and any(_right_behind(facts, p.span, claim.span) for p in about):
            return (claim.span,)
    return None


def class_beside_other_standard(facts: Facts) -> Spans | None:
    """A class and, on its line, a standard that has no such class, without the one that has."""
    asserted = facts.asserted(None)
    for pair in facts.knowledge.misplaced:
        for claim in (one for one in asserted if pair.code.fullmatch(one.code)):
            line = line_around(facts, claim.span)
            beside = [one for one in asserted if within(one.span, line)]
            other = [one.span for one in beside if pair.standard.fullmatch(one.code)]
            if other and not any(pair.right.fullmatch(one.code) for one in beside):
                return (claim.span, *other)
    return None


def _home(claim: Claim, facts: Facts) -> tuple[str, ...] | None:
    return next((products for code, products in facts.knowledge.homes if code.fullmatch(claim.code)), None)


def _right_behind(facts: Facts, product: Span, claim: Span) -> bool:
    """Whether a claim follows a product in one clause."""
    between = facts.text_of(claim)[product.end : claim.start]
    return product.end <= claim.start <= product.end + NEAR and not any(sign in between for sign in ".;")


def line_around(facts: Facts, span: Span) -> Span:
    """The line that `span` stands on, from its first to its last line."""
    text = facts.text_of(span)
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    stop = len(text) if end < 0 else end
    return Span(where=span.where, start=start, end=stop, text="", attachment=span.attachment)


def within(span: Span, line: Span) -> bool:
    """Whether `span` lies in `line`."""
    same = (span.where, span.attachment) == (line.where, line.attachment)
    return same and line.start <= span.start and span.end <= line.end
