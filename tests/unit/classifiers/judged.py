"""Small hand-made evidence for tests of learning."""

from classifiers.training import Example
from models.knowledge.judging import JudgingKnowledge, JudgingSettings, Named, Sign
from models.reading import Evidence, ProductMention, Span, Stance, Where

KNOWLEDGE = JudgingKnowledge(
    intents=tuple(Named(id=name, names=()) for name in ("sell", "ask", "robot")),
    categories=tuple(Named(id=name, names=()) for name in ("apples", "pears")),
    signs=(Sign(language="en", text="we sell", kind="selling"), Sign(language="en", text="who", kind="asking")),
    by_screening=(("automatic", "robot"),),
    settings=JudgingSettings(inner_folds=2, min_df=1, intent_c=3.0),
)


def evidence(text: str, *fruit: str, stance: Stance = Stance.OFFERED, screening: str = "personal") -> Evidence:
    span = Span(where=Where.BODY, start=0, end=1, text=text[:1])
    return Evidence(
        subject="",
        new_text=text,
        quoted="",
        attached="",
        language="en",
        screening=screening,
        thread=False,
        products=tuple(ProductMention(category=one, stance=stance, span=span, phrase=f"en/{one}") for one in fruit),
        claims=(),
        offer_lines=(),
    )


def examples() -> list[Example]:
    found: list[Example] = []
    for number in range(12):
        kind = ("apples", "pears")[number % 2]
        found.append((evidence(f"we sell {kind} lot {'abcdefghijkl'[number]}", kind), "sell", (kind,)))
        found.append((evidence(f"who buys {'mnopqrstuvwx'[number]}?"), "ask", ()))
    return found
