"""The catalog's filters, read from the address: every value may be missing, wrong ones are ignored and told."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from catalog.selectors import SORTS, FilterOptions

SORT_NAMES = {"recommended": "Recommended", "newest": "Newest", "title": "Title"}
YES = [("1", "Yes"), ("on", "Yes"), ("true", "Yes")]
NAMES = {
    "category": "category",
    "tag": "tag",
    "level": "membership",
    "sort": "sort order",
    "free": "filter",
    "favorites": "filter",
}
TAGS_AT_ONCE = 5
DEFAULT_SORT = "recommended"  # says nothing, so it is no part of the address


class CatalogForm(forms.Form):
    """A GET form over what the catalog really has; `ignored` names the values it did not know."""

    q = forms.CharField(
        required=False,
        label="Search courses",
        widget=forms.TextInput(attrs={"type": "search", "class": "input", "placeholder": "Title, topic or lesson"}),
    )
    sort = forms.ChoiceField(required=False, label="Sort by")
    category = forms.ChoiceField(required=False)
    level = forms.ChoiceField(required=False, label="Membership")
    free = forms.BooleanField(
        required=False, label="Free courses only", widget=forms.CheckboxInput(attrs={"value": "1"})
    )
    favorites = forms.BooleanField(
        required=False, label="My favorites only", widget=forms.CheckboxInput(attrs={"value": "1"})
    )
    tag = forms.MultipleChoiceField(required=False, label="Tags", widget=forms.CheckboxSelectMultiple)

    def __init__(self, address: QueryDict, *, options: FilterOptions, is_member: bool) -> None:
        choices = {
            "sort": [(key, SORT_NAMES[key]) for key in SORTS],
            "category": [("", "Any category"), *options.categories],
            "level": [("", "Any"), ("0", "Not needed"), *options.levels],
            "tag": options.tags,
            "free": YES,
            "favorites": YES if is_member else [],
        }
        known, self.ignored = _known_values(address, choices)
        self.offered = tuple((name, *pairs) for name, pairs in choices.items())
        super().__init__(known, auto_id="filter-%s")
        for name in ("sort", "category", "level", "tag"):
            self.fields[name].choices = choices[name]  # type: ignore[attr-defined] # choice fields, all of them
        if not is_member:
            del self.fields["favorites"]
        self.is_valid()

    @property
    def filters(self) -> dict[str, Any]:
        """What `catalog_page` understands."""
        good = self.cleaned_data
        return {
            "text": good["q"],
            "category": good["category"],
            "tags": good["tag"],
            "is_free": good["free"],
            "level": int(good["level"]) if good["level"] else None,
            "sort": good["sort"] or DEFAULT_SORT,
        }

    @property
    def only_favorites(self) -> bool:
        return bool(self.cleaned_data.get("favorites"))

    @property
    def has_choices(self) -> bool:
        """True when a filter of the folded part is set, so that it is shown open."""
        return any(self.cleaned_data.get(name) for name in ("category", "level", "free", "favorites", "tag"))

    @property
    def is_filtered(self) -> bool:
        return bool(self.cleaned_data["q"]) or self.has_choices

    @property
    def query(self) -> str:
        """The known values as a query string, for the links to other pages."""
        return urlencode([(name, value) for name, values in self.data.lists() for value in values if value])  # type: ignore[attr-defined] # a QueryDict, as views pass it


def _known_values(address: QueryDict, choices: dict[str, list[tuple[str, str]]]) -> tuple[QueryDict, list[str]]:
    """Split an address into the values that mean something and words for those that do not."""
    known, ignored = QueryDict(mutable=True), []
    known["q"] = address.get("q", "").replace("\x00", "").strip()[:100]
    for name, pairs in choices.items():
        keys = {key for key, _ in pairs}
        given = [value for value in address.getlist(name) if value]
        known.setlist(name, [value for value in given if value in keys and value != DEFAULT_SORT][:TAGS_AT_ONCE])
        ignored += [f"{NAMES[name]} “{value[:40]}”" for value in given if value not in keys]
    return known, ignored
