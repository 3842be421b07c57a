"""data/categories.toml and data/intents.toml: what a mail may be about, and what it may want."""

from triage.adapters.knowledge.files import Row


class NamedRow(Row):
    """An intent or category with its name in each language."""

    id: str
    name: dict[str, str]
    means: str = ""


class CategoryRow(NamedRow):
    """A category; `told_by` are kinds of signs that speak for it, or against it, without naming one of its products."""

    told_by: tuple[str, ...] = ()


class IntentRow(NamedRow):
    """An intent; mail with `claims_are_demands` asks for what it names, so that nobody claims it; mail that
    `claims_need_goods` claims nothing when it offers no goods; mail that `offers_nothing` has no offer lines, whatever
    it counts; the lines of mail that `names_no_price` have none.
    """

    claims_are_demands: bool = False
    claims_need_goods: bool = False
    offers_nothing: bool = False
    names_no_price: bool = False


class Categories(Row):
    """The categories, in their order."""

    source: str
    categories: tuple[CategoryRow, ...]


class Intents(Row):
    """The intents, in their order."""

    source: str
    intents: tuple[IntentRow, ...]
