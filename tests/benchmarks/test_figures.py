"""How well the desk reads, held out by sender and thread; kept, and shown beside what is aimed at."""

import sys
from collections.abc import Iterator, Mapping

import pytest

from classifiers.scoring import finite
from tests.benchmarks.recording import record
from tests.conftest import CHECKOUT
from triage import bootstrap, settings
from triage.jobs.learning import corpus_folders, evaluate

pytestmark = pytest.mark.bench

FOLDS = 5
GOALS: Mapping[str, float] = {
    "language_accuracy": 0.98,
    "intent_accuracy": 0.92,
    "category_micro_f1": 0.94,
    "category_macro_f1": 0.90,
    "claim_f1": 0.92,
    "false_assert_rate": 0.04,
    "attachment_claim_recall": 0.90,
    "quantity": 0.88,
    "price": 0.88,
    "lead_time_days": 0.80,
    "company": 0.92,
    "email": 0.92,
    "phone": 0.92,
    "org_number": 0.92,
    "missing_f1": 0.85,
    "red_flag_micro_f1": 0.75,
    "priority_pair_accuracy": 0.85,
}
AT_MOST = {"false_assert_rate"}


def test_the_figures_of_reading_are_told_and_kept() -> None:
    configured = settings.load()
    folders = corpus_folders(CHECKOUT / "data" / "corpus")
    found = evaluate(
        folders,
        bootstrap.line_reader(configured),
        bootstrap.knowledge(),
        read_evidence=bootstrap.evidence_reader(configured),
        fold_count=FOLDS,
    )
    names = [folder.name for folder in folders]
    of = {"all": dict(_goal_figures(found.figures))} | {
        name: dict(_goal_figures(found.by_folder[name])) for name in names
    }
    assert set(of["all"]) == set(GOALS)
    columns = ["all", *names]
    sys.stdout.write(f"\n{'held out, five folds':26}{'goal':>7}" + "".join(f"{name:>7}" for name in columns) + "\n")
    for name, goal in GOALS.items():
        cells = "".join(f"{of[column][name]:>7.3f}" for column in columns)
        missed = of["all"][name] > goal if name in AT_MOST else of["all"][name] < goal
        sys.stdout.write(f"{name:26}{goal:>7.2f}{cells}{'  below the goal' if missed else ''}\n")
    kept = {column: {name: round(value, 3) for name, value in figures.items()} for column, figures in of.items()}
    record(
        "reading, held out", {"folds": FOLDS, "goals": GOALS, **{column: finite(one) for column, one in kept.items()}}
    )


def _goal_figures(figures: Mapping[str, object]) -> Iterator[tuple[str, float]]:
    lines, supplier = figures["offer_lines"], figures["supplier"]
    assert isinstance(lines, Mapping)
    assert isinstance(supplier, Mapping)
    flat = {**figures, **{name: row["f1"] for name, row in lines.items()}, **supplier}
    for name in GOALS:
        value = flat[name]
        assert isinstance(value, float)
        yield name, value
