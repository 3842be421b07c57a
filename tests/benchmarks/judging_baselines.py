"""Intent and categories by five folds over labelled folders: what words, phrases, signs and taught texts are worth.

python -m tests.benchmarks.judging_baselines [DIR...]
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from classifiers.features import intent_evidence, terms
from classifiers.judgement import judge
from classifiers.scoring import score
from classifiers.training import Example, Row, fit, prepared, train
from models.knowledge.judging import JudgingKnowledge
from models.label import TrainingExample
from models.reading import Evidence, Stance
from triage.adapters.corpus import examples, folds, read_folder, taught
from triage.adapters.documents import read_document
from triage.adapters.knowledge import load
from triage.jobs.learning import corpus_folders
from triage.resources import root
from triage.stages.parse import parse
from triage.stages.read import build_evidence
from triage.stages.screen import screen
from triage.stages.separate import separate

FIGURES = ("category_micro_f1", "category_macro_f1", "category_exact", "intent_accuracy", "intent_macro_f1")
BEST_FOR_WORDS = 0.3
MEANT = (Stance.OFFERED, Stance.NEEDED)
KNOWLEDGE = load(root())
Read = Callable[[Evidence], tuple[str, Sequence[str]]]


def evidence(octets: bytes) -> Evidence:
    """What a mail is judged by."""
    mail = parse(octets, read_document)
    screening = screen(mail, backfill=False, own_addresses=(), knowledge=KNOWLEDGE.screening)
    return build_evidence(mail, screening, separate(mail, KNOWLEDGE.separation), knowledge=KNOWLEDGE)


def with_knowledge(**changed: object) -> JudgingKnowledge:
    """The knowledge in force with some of it changed."""
    judging = KNOWLEDGE.judging
    fields = {name: getattr(judging, name) for name in judging.__dataclass_fields__}
    return JudgingKnowledge(**{**fields, **changed})


def learnt(knowledge: JudgingKnowledge, beside: Sequence[Row] = ()) -> Callable[[Sequence[Example]], Read]:
    """A reading by a classifier that is trained on examples, and on what is taught `beside` them."""

    def trained(rows: Sequence[Example]) -> Read:
        classifier = fit((*prepared(rows, knowledge), *beside), knowledge, seed=knowledge.settings.seed)

        def read(mail: Evidence) -> tuple[str, Sequence[str]]:
            judgement = judge(mail, classifier, knowledge)
            return judgement.intent, judgement.categories

        return read

    return trained


def by_words(rows: Sequence[Example]) -> Read:
    """Words alone: TF-IDF and logistic regression, a category each, at the threshold that suits them best."""
    knowledge = with_knowledge(signs=(), by_screening=(), settings=replace(KNOWLEDGE.judging.settings, word_c=30.0))
    classifier = train(rows, knowledge, seed=1)

    def read(mail: Evidence) -> tuple[str, Sequence[str]]:
        scores = classifier.words.scores(
            {**classifier.terms.weighted(terms(mail, knowledge)), **intent_evidence(mail, knowledge)}
        )
        chosen = [category for category, value in scores.items() if value >= BEST_FOR_WORDS]
        return judge(mail, classifier, knowledge).intent, chosen

    return read


def by_phrases(rows: Sequence[Example]) -> Read:
    """No learning: the categories of the products that are offered or needed, and the commonest intent."""
    intents = [intent for _, intent, _ in rows]
    commonest = max(sorted(set(intents)), key=intents.count)
    return lambda mail: (commonest, sorted({one.category for one in mail.products if one.stance in MEANT}))


def gold(example: TrainingExample) -> dict[str, object]:
    """The labels as the scorer wants them."""
    empty = {"claims": [], "offer_lines": [], "supplier": {}, "missing": [], "red_flags": []}
    labels = {"language": "", "intent": example.intent, "categories": list(example.categories), "priority_hint": "none"}
    return {**empty, **labels}


def figures(
    labelled: Sequence[TrainingExample], rows: Sequence[Example], make: Callable[[Sequence[Example]], Read]
) -> str:
    """One line of the table."""
    readings = {}
    for held in folds(labelled, 5):
        read = make([row for number, row in enumerate(rows) if number not in set(held)])
        for number in held:
            intent, categories = read(rows[number][0])
            readings[str(number)] = {"intent": intent, "categories": list(categories)}
    found = score({str(number): gold(one) for number, one in enumerate(labelled)}, readings)
    return " | ".join(f"{found[name]:.3f}" for name in FIGURES)


def taught_rows() -> tuple[Row, ...]:
    """The texts of data/examples.toml, made ready."""
    texts = [(evidence(one.octets), one.intent, one.categories) for one in taught(KNOWLEDGE.judging.taught)]
    return prepared(texts, KNOWLEDGE.judging, weight=KNOWLEDGE.judging.settings.taught_weight)


def main() -> None:
    """Print the table."""
    folders = [Path(one) for one in sys.argv[1:]] or corpus_folders(root() / "data" / "corpus")
    mails = [mail for folder in folders for mail in read_folder(folder)]
    labelled = examples(mails, KNOWLEDGE.judging.shared_domains)
    rows = [(evidence(one.octets), one.intent, one.categories) for one in labelled]
    bare = [(replace(mail, products=(), claims=(), offer_lines=()), *labels) for mail, *labels in rows]
    unheard = {"signs": (), "by_screening": (), "told_by": ()}
    many = replace(KNOWLEDGE.judging.settings, min_df=10**6)
    table = (
        ("words (TF-IDF) and kind of mail", bare, by_words),
        ("phrases alone, nothing learnt", rows, by_phrases),
        ("phrases, claims and lines, learnt", rows, learnt(with_knowledge(**unheard, settings=many))),
        ("the same with signs of intent", rows, learnt(with_knowledge(settings=many))),
        ("the same with words", rows, learnt(KNOWLEDGE.judging)),
        ("all of it, with taught texts", rows, learnt(KNOWLEDGE.judging, taught_rows())),
    )
    sys.stdout.write(" | ".join(("", *FIGURES)) + "\n")
    for name, evidences, make in table:
        sys.stdout.write(f"{name} | {figures(labelled, evidences, make)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
