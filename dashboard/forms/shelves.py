"""What staff write about categories and tags."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from catalog.tagging import TAG_LENGTH, tag_slug
from dashboard.forms.courses import PLAIN

NAME_LENGTH = 80


class CategoryForm(forms.Form):
    """A name, and the word that stands for it in addresses."""

    name = forms.CharField(max_length=NAME_LENGTH, error_messages={"required": "Give the category a name."})
    slug = forms.CharField(
        label="Address", required=False, max_length=NAME_LENGTH, help_text="Empty: made from the name"
    )

    def clean_slug(self) -> str:
        slug, name = self.cleaned_data["slug"], self.cleaned_data.get("name", "")
        slug = slug or slugify(name)[:NAME_LENGTH].strip("-_")
        if slug or name:  # without a name, its own error says enough
            PLAIN(slug or " ")
        return str(slug)


class TagForm(forms.Form):
    """A word in the one spelling that tags have."""

    slug = forms.CharField(
        label="Tag",
        max_length=200,
        help_text="Kept in small letters, with hyphens",
        error_messages={"required": "Write the tag."},
    )

    def clean_slug(self) -> str:
        slug = tag_slug(self.cleaned_data["slug"])
        if not slug:
            raise ValidationError("Use letters or numbers.")
        if len(self.cleaned_data["slug"]) > TAG_LENGTH:
            raise ValidationError(f"A tag has at most {TAG_LENGTH} letters.")
        return slug
