"""data/categories.toml and data/intents.toml: what a mail may be about, and what it may want."""

from triage.adapters.knowledge.files import Row


class NamedRow(Row):
    """An intent or category with its name in each language."""

    id: str
    name: dict[str, str]
    means: str = ""


class CategoryRow(NamedRow):
    """A category; `told_by` are kinds of signs that speak for it, or against it, without naming one of its products;
    `told_by_rates` says that amounts a day or a week do.
    """

    told_by: tuple[str, ...] = ()
    told_by_rates: bool = False


class IntentRow(NamedRow):
    """An intent; mail with `claims_are_demands` asks for what it names, so that nobody claims it; mail that
    `claims_need_goods` claims nothing when it offers no goods; where `claims_are_asked_about`, its questions claim
    nothing; where `subject_is_of_another`, its subject claims nothing; mail that `offers_nothing` has no offer lines,
    whatever it counts, mail that `names_no_price` lines without one, and mail that `names_nothing` no categories,
    whatever it names.
    """

    claims_are_demands: bool = False
    claims_need_goods: bool = False
    claims_are_asked_about: bool = False
    subject_is_of_another: bool = False
    offers_nothing: bool = False
    names_no_price: bool = False
    names_nothing: bool = False


class Categories(Row):
    """The categories, in their order."""

    source: str
    categories: tuple[CategoryRow, ...]


class Intents(Row):
    """The intents, in their order."""

    source: str
    intents: tuple[IntentRow, ...]
