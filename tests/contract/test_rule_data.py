"""Every rule, cue and table row proves itself by the examples that stand beside it."""

from datetime import date
from pathlib import Path

import pytest

from models.assessment import Severity
from models.knowledge.rules import CueList, Rule
from models.mail import Separated
from models.reading import Claim, Judgement, OfferLine, Polarity, Reading, Span, Supplier, Where
from tests.unit.stages.mails import attachment, mail_saying
from triage.adapters.knowledge.cues import CUE_FILES, CueFile
from triage.adapters.knowledge.files import read_toml
from triage.adapters.knowledge.rules import load
from triage.resources import root
from triage.stages.assess import assess
from triage.stages.hearing import hear

KNOWLEDGE = load(root())
ON = date(2020, 4, 1)
CUE_ROWS = [
    (path, row)
    for name in CUE_FILES
    for path in sorted((root() / "data" / "languages").glob(f"*/{name}"))
    for row in read_toml(path, CueFile).cue
]


def _claim(row: object, categories: list[str]) -> Claim:
    given = row if isinstance(row, dict) else {"code": row}
    category = given.get("category", categories[0] if len(categories) == 1 else None)
    span = Span(where=Where.BODY, start=0, end=len(given["code"]), text=given["code"])
    polarity = Polarity(given.get("polarity", "asserted"))
    return Claim(code=given["code"], polarity=polarity, span=span, rule="example", category=category)


def _fires(rule: Rule, example: dict) -> bool:
    categories = example["categories"]
    line = OfferLine(
        category=categories[0] if categories else "other_ppe",
        quantity=example.get("quantity"),
        price=example.get("price"),
        currency="USD" if "price" in example else None,
        price_unit=example.get("price_unit"),
    )
    reading = Reading(
        language="en",
        judgement=Judgement(
            intent=example.get("intent", "offer"),
            intent_confidence=1,
            intent_scores={},
            categories=tuple(categories),
            category_scores={},
            uncertain=False,
        ),
        claims=tuple(_claim(row, categories) for row in example["claims"]),
        offer_lines=(line,),
        supplier=Supplier(country=example.get("country")),
    )
    separated = Separated(segments=(), new_text=example.get("text", ""), original_from=None)
    papers = tuple(attachment(name, text) for name, text in example.get("attachments", {}).items())
    mail = mail_saying(example.get("text", ""), attachments=papers)
    assessment = assess(mail, separated, reading, KNOWLEDGE, on=example.get("on", ON), own_addresses=())
    return rule.id in {finding.rule for finding in assessment.findings}


@pytest.mark.parametrize("rule", KNOWLEDGE.rules, ids=lambda rule: rule.id)
def test_a_rule_fires_on_its_examples_and_not_on_its_counter_examples(rule: Rule) -> None:
    assert [example for example in rule.examples if not _fires(rule, example)] == []
    assert [example for example in rule.counter_examples if _fires(rule, example)] == []


@pytest.mark.parametrize(("path", "row"), CUE_ROWS, ids=lambda value: getattr(value, "name", str(value)))
def test_a_cue_is_heard_in_its_examples_and_not_in_its_counter_examples(path: Path, row: object) -> None:
    cue = next(c for c in KNOWLEDGE.cues if (c.name, c.language) == (row.name, path.parent.name))
    assert [text for text in row.examples if not _heard(cue, text)] == []
    assert [text for text in row.counter_examples if _heard(cue, text) and cue.name != "broker_tokens"] == []


def _heard(cue: CueList, text: str) -> bool:
    return any(heard.said == cue for heard in hear(text, 0, len(text), KNOWLEDGE))


def test_a_critical_rule_rests_on_a_source_of_high_confidence() -> None:
    assert all(rule.confidence == "high" for rule in KNOWLEDGE.rules if rule.severity is Severity.CRITICAL)


def test_every_rule_speaks_both_languages_and_names_its_source() -> None:
    for rule in KNOWLEDGE.rules:
        assert {language for language, sentence in rule.texts if sentence} == {"nb", "en"}, rule.id
        assert rule.source


def test_every_rule_of_the_reference_is_carried_out_or_its_absence_is_explained() -> None:
    carried_out = {rule.id.partition(".")[0] for rule in KNOWLEDGE.rules} | {sign.rule for sign in KNOWLEDGE.signs}
    explained = (root() / "data" / "rules" / "README.md").read_text(encoding="utf-8").partition("## Left out")[2]
    wanted = {f"R{number:02}" for number in range(1, 57)}
    assert {rule for rule in wanted - carried_out if rule not in explained} == set()


def test_2163_is_never_blamed_in_2020() -> None:
    for category in ("respirator", "gown", "gloves", "eye_protection"):
        text = "Certificate by Universalcert, CE 2163"
        for rule in KNOWLEDGE.rules:
            if rule.id.startswith(("R06", "R07", "R08")):
                assert not _fires(rule, {"categories": [category], "claims": ["CE", "NB 2163"], "text": text}), rule.id


def test_british_bodies_are_notified_until_the_end_of_2020_and_not_after() -> None:
    body = next(b for b in KNOWLEDGE.bodies if b.number == "0086")
    assert body.in_force.on(date(2020, 12, 31))
    assert not body.in_force.on(date(2021, 1, 1))


@pytest.mark.parametrize("atom", ["100% ", "EN149", "KN95 ", "a", "certificate ", "5 days ", "\n", " ", "deposit 5"])
def test_cues_and_issuers_take_linear_time(atom: str) -> None:
    import time

    def seconds(count: int) -> float:
        text = atom * count
        begin = time.process_time()
        for _ in hear(text, 0, len(text), KNOWLEDGE):
            pass
        return time.process_time() - begin

    assert seconds(40_000) < 16 * max(seconds(10_000), 0.01)
