"""The file of marks is read strictly: what is no keyword, folder, category or intent stops the start."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.knowledge.marks import MarkedBy
from triage.adapters.knowledge import marks
from triage.errors import KnowledgeError


@pytest.fixture
def root(tmp_path: Path, checkout: Path) -> Path:
    (tmp_path / "data").mkdir()
    for name in ("marks.toml", "categories.toml", "intents.toml"):
        shutil.copy(checkout / "data" / name, tmp_path / "data" / name)
    return tmp_path


def test_every_category_has_a_keyword_and_a_folder_of_its_own(checkout: Path) -> None:
    from triage.adapters.knowledge import judging

    policy = marks.load(checkout)
    by_category = {rule.value: rule for rule in policy.rules if rule.by is MarkedBy.CATEGORY}
    assert set(by_category) == {one.id for one in judging.load(checkout).categories}
    assert len({rule.keyword for rule in policy.rules}) == len(policy.rules)
    assert len({rule.folder for rule in by_category.values()}) == len(by_category)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"desk-gloves"', '"desk gloves"', "keyword"),
        ('"desk-gloves"', '"\\\\Deleted"', "keyword"),
        ('"desk-gloves"', '"$Junk"', "keyword"),
        ('"desk-gloves"', '"desk-hånd"', "keyword"),
        ('"Hansker"', '"Hansker/små"', "Hansker/små"),
        ('"Hansker"', '"Hansker*"', "Hansker"),
        ('"Hansker"', '"Hansker\\r\\nA1 DELETE INBOX"', "folder"),
        ('"Hansker"', '" Hansker"', "folder"),
        ('category = "gloves"', 'category = "gloove"', "category gloove"),
        ('intent = "scam"', 'intent = "skam"', "intent skam"),
        ('category = "gloves"', 'category = "gloves"\nuncertain = true', "exactly one"),
        ('category = "gloves"', "", "exactly one"),
        ('parent = "Sortert"', 'parent = ""', "parent"),
        ("batch = 100", "batch = 0", "batch"),
        ("batch = 100", "batch = 100\nbach = 1", "bach"),
    ],
)
def test_a_wrong_row_is_named(root: Path, old: str, new: str, key: str) -> None:
    file = root / "data" / "marks.toml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        marks.load(root)
    assert key in str(caught.value)
    assert str(file) in str(caught.value)


@given(st.text(max_size=70))
def test_what_is_taken_for_a_folder_is_one_line_and_one_level(name: str) -> None:
    if marks._is_folder(name):
        assert not set(name) & set('/\\.*%"&\r\n\0')
