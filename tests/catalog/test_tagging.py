import pytest

from catalog.tagging import tag_slugs

CASES = {
    "": [],
    " , ,": [],
    "Oven": ["oven"],
    "Sour Dough, oven": ["sour-dough", "oven"],
    "oven, OVEN , Oven": ["oven"],
    "Crème brûlée": ["creme-brulee"],
    "a" * 60: ["a" * 50],
    "!!!": [],
}


@pytest.mark.parametrize("text", CASES)
def test_tags_have_one_spelling(text):
    assert tag_slugs(text) == CASES[text]
