"""`triage label`, `train`, `evaluate` and `artifacts`: from corrections to judgements that were measured first."""

import getpass
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from models.label import TrainingExample
from triage import bootstrap, resources, settings
from triage.commands.shown import Json, print_json, print_table, progress_bar
from triage.errors import InputError

GROUPS = ("offer_lines", "supplier")
"""Groups of figures that are shown by folder too."""
Folders = Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders with gold.jsonl and mail/*.eml")]


def add_to(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    for verb in (label, train, evaluate):
        app.command(verb.__name__)(verb)
    artifacts = typer.Typer(help="Trained artifacts: which there are, which is in use.")
    artifacts.command("list")(list_artifacts)
    artifacts.command("promote")(promote)
    artifacts.command("rollback")(rollback)
    app.add_typer(artifacts, name="artifacts")


def label(
    message: Annotated[int, typer.Argument(help="Number of the message, as its case page shows it")],
    intent: Annotated[str, typer.Option(help="The right intent")] = "",
    categories: Annotated[str | None, typer.Option(help="The right categories, by commas; empty for none")] = None,
    actor: Annotated[str, typer.Option(help="Who says so; default: the user of this system")] = "",
    json_: Json = False,
) -> None:
    """Correct what was read of a message; the correction is kept for training."""
    right = {"intent": intent} if intent else {}
    if categories is not None:
        right["categories"] = ",".join(part.strip() for part in categories.split(",") if part.strip())
    _check_labels(right)
    with bootstrap.store(settings.load()) as store:
        if store.raw(message) is None:
            raise InputError(f"there is no message {message}; a case page shows the numbers of its messages")
        for field, value in right.items():
            store.add_label(message, field, value, actor=actor or getpass.getuser(), now=bootstrap.clock())
    if json_:
        print_json({"message": message, "labels": right})


def _check_labels(right: Mapping[str, str]) -> None:
    if not right:
        raise InputError("nothing to correct: give --intent or --categories")
    judging = bootstrap.knowledge().judging
    known = {"intent": [one.id for one in judging.intents], "categories": [one.id for one in judging.categories]}
    for field, value in right.items():
        wrong = [part for part in value.split(",") if part and part not in known[field]]
        if wrong:
            raise InputError(f"--{field} {wrong[0]}: give one of {', '.join(known[field])}")


def train(
    folders: Annotated[list[Path] | None, typer.Argument(metavar="[DIR...]", help="More labelled folders")] = None,
    promote_it: Annotated[bool, typer.Option("--promote", help="Use it at once if it is no worse")] = False,
    reason: Annotated[str, typer.Option(help="Why it is promoted although a figure fell")] = "",
    json_: Json = False,
) -> None:
    """Train an artifact from the labelled mail that comes with the program, the corrections of staff, and DIR."""
    from triage.jobs.learning import train_artifact

    configured, knowledge = settings.load(), bootstrap.knowledge()
    registry = bootstrap.registry(configured)
    with progress_bar("train") as bar:
        manifest = train_artifact(
            [*_corrected(configured), *_labelled(folders or [])],  # of a mail in both, the first counts
            bootstrap.evidence_reader(configured),
            knowledge,
            registry,
            seed=knowledge.judging.settings.seed,
            now=bootstrap.clock(),
            progress=bar,
        )
    _show_comparison(manifest.id, json_=json_)
    if promote_it:
        registry.promote(manifest.id, worse_by=knowledge.judging.settings.worse_by, reason=reason)


def _labelled(folders: Sequence[Path]) -> Sequence[TrainingExample]:
    from triage.adapters.corpus import examples, read_folder
    from triage.jobs.learning import corpus_folders

    shipped = corpus_folders(resources.root() / "data" / "corpus")
    mails = [mail for folder in (*shipped, *folders) for mail in read_folder(folder)]
    return examples(mails, bootstrap.knowledge().judging.shared_domains)


def _corrected(configured: settings.Settings) -> Sequence[TrainingExample]:
    with bootstrap.store(configured) as store:
        return store.labelled_examples()


def evaluate(
    folders: Folders,
    folds: Annotated[int, typer.Option(min=0, max=20, help="Train and score by so many folds; 0: the artifact")] = 0,
    misses: Annotated[int, typer.Option(min=0, help="Show up to so many misses of each kind")] = 0,
    json_: Json = False,
) -> None:
    """Score readings of labelled mail. Folds are split by sender and thread; no figure is on mail trained on."""
    from triage.jobs import learning

    configured = settings.load()
    with progress_bar("evaluate") as bar:
        found = learning.evaluate(
            folders,
            bootstrap.line_reader(configured),
            bootstrap.knowledge(),
            read_evidence=bootstrap.evidence_reader(configured),
            registry=bootstrap.registry(configured),
            fold_count=folds,
            progress=bar,
        )
    if json_:
        print_json({**found.figures, "by_folder": found.by_folder})
        return
    _show_figures(found.figures)
    if len(found.by_folder) > 1:
        _show_by_folder(found.by_folder)
    for kind, lines in found.misses.items() if misses else ():
        print(f"\n{kind}: {len(lines)} missed")
        print("\n".join(f"  {line}" for line in lines[:misses]))


def _show_figures(figures: Mapping[str, object]) -> None:
    single = [(name, _figure(value)) for name, value in figures.items() if not isinstance(value, Mapping)]
    print_table("Held-out figures", ["figure", "value"], single)
    for name, group in figures.items():
        if isinstance(group, Mapping):
            rows = [[label, *_cells(value)] for label, value in group.items()]
            print_table(name, ["", "F1", "precision", "recall", "n"], rows)


def _show_by_folder(by_folder: Mapping[str, Mapping[str, object]]) -> None:
    """A line for each figure, a column for each folder."""
    flat = {folder: dict(_flat(figures)) for folder, figures in by_folder.items()}
    names = list(dict.fromkeys(name for figures in flat.values() for name in figures))
    rows = [[name, *(_figure(figures.get(name, "")) for figures in flat.values())] for name in names]
    print_table("By folder", ["", *flat], rows)


def _flat(figures: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in figures.items():
        if not isinstance(value, Mapping):
            yield name, value
        elif name in GROUPS:
            yield from ((f"{name}: {label}", _cells(one)[0]) for label, one in value.items())


def _cells(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [_figure(value.get(name)) for name in ("f1", "precision", "recall", "n")]
    return [_figure(value), "", "", ""]


def _figure(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def list_artifacts(json_: Json = False) -> None:
    """The artifacts, oldest first; the one in use is marked."""
    registry = bootstrap.registry(settings.load())
    current = registry.current_id()
    rows = [
        {"id": one.id, "in_use": one.id == current, "trained_on": len(one.trained_on), "scores": dict(one.scores)}
        for one in registry.list()
    ]
    if json_:
        print_json(rows)
        return
    shown = [[row["id"], "in use" if row["in_use"] else "", row["trained_on"], _scores(row["scores"])] for row in rows]
    print_table("Artifacts", ["id", "", "trained on", "held out"], shown)


def _scores(scores: object) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in scores.items()) if isinstance(scores, Mapping) else ""


def promote(
    artifact: Annotated[str, typer.Argument(help="Id, as `triage artifacts list` shows it")],
    reason: Annotated[str, typer.Option(help="Why, although a held-out figure fell")] = "",
    json_: Json = False,
) -> None:
    """Use an artifact from now on; refused without a reason when a held-out figure falls."""
    registry = bootstrap.registry(settings.load())
    _show_comparison(artifact, json_=json_)
    registry.promote(artifact, worse_by=bootstrap.knowledge().judging.settings.worse_by, reason=reason)


def _show_comparison(artifact: str, *, json_: bool) -> None:
    registry = bootstrap.registry(settings.load())
    found = registry.compared(artifact, worse_by=bootstrap.knowledge().judging.settings.worse_by)
    if json_:
        print_json({"id": artifact, "scores": {one.name: [one.value, one.current] for one in found}})
        return
    rows = [[one.name, _figure(one.value), _figure(one.current), "worse" if one.worse else ""] for one in found]
    print_table(f"Artifact {artifact}, held out", ["figure", "this one", "in use", ""], rows)


def rollback(json_: Json = False) -> None:
    """Use the artifact that was in use before."""
    artifact = bootstrap.registry(settings.load()).rollback()
    if json_:
        print_json({"id": artifact})
    else:
        print(f"in use: {artifact}")
