"""The built wheel works outside the checkout, and its three names belong to it alone."""

import os
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

PACKAGES = ("triage", "classifiers", "models")


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(checkout)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel and, behind it, the libraries of this one."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install"]
    options = ["--quiet", "--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check"]
    subprocess.run([*pip, *options, str(wheel)], check=True, capture_output=True)
    # behind, not before: the checkout may be installed there in editable form; the .pth files there are not followed
    (site / "behind.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    return folder


def run(installed: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRIAGE_", "PYTHON"))}
    return subprocess.run(
        [str(installed / "bin" / command[0]), *command[1:]],
        cwd=folder,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_holds_packages_knowledge_and_templates(wheel: Path, checkout: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("data", "reply_templates"):
        for file in (checkout / folder).rglob("*"):
            if file.is_file():
                assert f"triage/_resources/{file.relative_to(checkout).as_posix()}" in names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_installed_command_runs_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "triage", "--help")
    assert done.returncode == 0, done.stderr
    assert "triage" in done.stdout


def test_installed_knowledge_is_the_knowledge_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = (
        "import triage, triage.resources as r; from triage.adapters.knowledge import load;"
        "print(triage.__file__); print(r.root()); print(load(r.root()).digest)"
    )
    done = run(installed, tmp_path, "python", "-c", code)
    assert done.returncode == 0, done.stderr
    module, root, digest = done.stdout.split()
    assert Path(module).is_relative_to(installed)
    assert Path(root).is_relative_to(installed)
    assert digest


def test_the_installed_command_reads_a_mail(installed: Path, tmp_path: Path, checkout: Path) -> None:
    mail = next((checkout / "data" / "corpus").rglob("*.eml"))
    done = run(installed, tmp_path, "triage", "parse", str(mail))
    assert done.returncode == 0, done.stderr
    assert '"subject"' in done.stdout


def test_the_three_names_belong_to_us_alone(checkout: Path) -> None:
    ours = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"]
    found = packages_distributions()
    assert {name: set(found.get(name, [ours])) for name in PACKAGES} == {name: {ours} for name in PACKAGES}


def test_nothing_under_data_is_code(checkout: Path) -> None:
    assert [path for folder in ("data", "reply_templates") for path in (checkout / folder).rglob("*.py")] == []
