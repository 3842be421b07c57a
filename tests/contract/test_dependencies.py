"""What is imported is declared, what is declared is used, and the lock is in step and names no address."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

PACKAGES = ("triage", "classifiers", "models")
# imported under the name of the declared distribution that brings them
BROUGHT = {
    "click": "typer",
    "markupsafe": "jinja2",
    "pydantic-core": "pydantic",
    "starlette": "fastapi",
    "thinc": "spacy",
}
# declared without an import
UNIMPORTED = {
    "python-multipart": "FastAPI reads forms with it",
    "build": "started as a program by tests",
    "editables": "hatchling needs it for an editable installation",
    "hatchling": "builds the package",
    "import-linter": "started as a program",
    "mypy": "started as a program",
    "ruff": "started as a program",
}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(checkout: Path, *, extras: bool) -> set[str]:
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = list(project["dependencies"])
    if extras:
        lines += [line for group in project["optional-dependencies"].values() for line in group]
    return {canonical(re.match(r"[\w.-]+", line)[0]) for line in lines}  # type: ignore[index]


def imported(folders: list[Path]) -> dict[str, str]:
    """Distributions that are imported, with a file that does."""
    distributions = packages_distributions()
    found: dict[str, str] = {}
    for folder in folders:
        for file in folder.rglob("*.py"):
            for name in _modules(ast.parse(file.read_text(encoding="utf-8"))):
                if name in sys.stdlib_module_names or name in {*PACKAGES, "tests", "__future__"}:
                    continue
                for distribution in distributions.get(name, [name])[:1]:
                    found.setdefault(canonical(distribution), str(file))
    return found


def _modules(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module":
            names |= {part.value.split(".")[0] for part in node.args if isinstance(part, ast.Constant)}
    return names


def test_every_import_of_the_packages_is_declared(checkout: Path) -> None:
    known = declared(checkout, extras=True) | set(BROUGHT)
    found = imported([checkout / package for package in PACKAGES])
    assert {name: file for name, file in found.items() if name not in known} == {}


def test_every_declared_dependency_is_used(checkout: Path) -> None:
    found = imported([checkout / package for package in (*PACKAGES, "tests")])
    assert declared(checkout, extras=True) - set(found) - set(UNIMPORTED) == set()


def test_a_core_dependency_is_imported_by_the_packages_themselves(checkout: Path) -> None:
    found = imported([checkout / package for package in PACKAGES])
    assert declared(checkout, extras=False) - set(found) - set(UNIMPORTED) == set()


def test_no_exception_is_left_over(checkout: Path) -> None:
    found = imported([checkout / package for package in (*PACKAGES, "tests")])
    assert set(UNIMPORTED) <= declared(checkout, extras=True)
    assert set(UNIMPORTED) & set(found) == set()


def test_every_declared_dependency_has_its_reason(checkout: Path) -> None:
    decision = (checkout / "docs" / "decisions" / "0001-dependencies.md").read_text(encoding="utf-8")
    assert {name for name in declared(checkout, extras=True) if f"| {name} |" not in decision} == set()


@pytest.fixture(params=["requirements.lock", "requirements-run.lock"])
def lock(request: pytest.FixtureRequest, checkout: Path) -> str:
    return (checkout / str(request.param)).read_text(encoding="utf-8")


def locked(lock: str) -> dict[str, str]:
    return {canonical(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock, flags=re.MULTILINE)}


def test_the_lock_holds_every_declared_dependency(checkout: Path) -> None:
    everything = locked((checkout / "requirements.lock").read_text(encoding="utf-8"))
    running = locked((checkout / "requirements-run.lock").read_text(encoding="utf-8"))
    assert declared(checkout, extras=True) - set(everything) == set()
    assert declared(checkout, extras=False) - set(running) == set()
    assert {name: version for name, version in running.items() if everything.get(name) != version} == {}


def test_every_locked_version_has_a_hash(lock: str) -> None:
    entries = re.split(r"^(?=[\w.-]+==)", lock, flags=re.MULTILINE)[1:]
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_names_no_address(lock: str) -> None:
    assert re.findall(r"\w+://|--(?:extra-)?index|--find-links|^-\w", lock, flags=re.MULTILINE) == []
