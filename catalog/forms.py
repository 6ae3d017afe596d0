"""The catalog's filters, read from the address."""

from typing import Any
from urllib.parse import urlencode

from django import forms

from catalog.selectors import SORTS

LEVELS = [("", "Any level"), ("0", "Free"), ("1", "Basic"), ("2", "Main"), ("3", "Premium")]
SORT_NAMES = {"recommended": "Recommended", "newest": "Newest", "title": "Title"}


class CatalogForm(forms.Form):
    """A GET form: every value may be missing, wrong ones are ignored and told."""

    q = forms.CharField(required=False, max_length=100, strip=True, label="Search courses")
    category = forms.SlugField(required=False)
    tag = forms.MultipleChoiceField(required=False)
    free = forms.BooleanField(required=False, label="Free courses only")
    level = forms.ChoiceField(required=False, choices=LEVELS)
    favorites = forms.BooleanField(required=False, label="Favorites only")
    sort = forms.ChoiceField(required=False, choices=[(key, SORT_NAMES[key]) for key in SORTS])

    def known_values(self) -> dict[str, Any]:
        """The filters that make sense, split into what the catalog understands and what the page adds."""
        self.fields["tag"].choices = [(tag, tag) for tag in self.data.getlist("tag")]  # type: ignore[attr-defined]
        self.is_valid()
        good = self.cleaned_data
        level = good.get("level") or None
        catalog = {
            "text": good.get("q", ""),
            "category": good.get("category", ""),
            "tags": [tag for tag in good.get("tag", []) if tag.replace("-", "").isalnum()][:5],
            "is_free": good.get("free", False),
            "level": int(level) if level else None,
            "sort": good.get("sort") or "recommended",
        }
        only_favorites = good.get("favorites", False)
        wanted = {name: value for name, value in catalog.items() if name != "sort"}
        pairs = [(name, value) for name in self.data for value in self.data.getlist(name) if name != "page"]  # type: ignore[attr-defined]
        return {
            "catalog": catalog,
            "only_favorites": only_favorites,
            "is_filtered": only_favorites or any(value not in ("", [], False, None) for value in wanted.values()),
            "ignored": sorted(self.errors),
            "query": urlencode(pairs),
        }
