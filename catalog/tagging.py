"""Tags: free words on courses, in one spelling only  [T-14]."""

from collections.abc import Iterable

from django.utils.text import slugify

from catalog.models import Tag

TAG_LENGTH = 50


def tag_slug(word: str) -> str:
    """Return the one spelling of a word: lower case, hyphens, without accents; empty if nothing is left."""
    return slugify(word)[:TAG_LENGTH].strip("-_")


def tag_slugs(text: str) -> list[str]:
    """The tags of words between commas, each once, in their order."""
    return list(dict.fromkeys(slug for word in text.split(",") if (slug := tag_slug(word))))


def tags_named(slugs: Iterable[str]) -> list[Tag]:
    """The tags of these names; those that do not exist yet are made."""
    wanted = list(slugs)
    Tag.objects.bulk_create([Tag(slug=slug) for slug in wanted], ignore_conflicts=True)
    return list(Tag.objects.filter(slug__in=wanted).order_by("slug"))
