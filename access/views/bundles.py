"""A bundle: which courses it holds, and how they are chosen. It cannot be bought here yet."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.models import Bundle, BundleLevel
from access.offers import bundle_courses, bundle_on_offer, purchase_of
from accounts.http import SiteRequest
from catalog.structured_data import DESCRIPTION_LENGTH, course_list_data, trail_data
from common.durations import format_duration
from common.markdown import plain_text
from progress.cards import Card
from progress.paths import is_open
from progress.selectors import cards_for


@dataclass(frozen=True)
class Item:
    """A course of the bundle; `is_owned` if this viewer may open it already, from wherever."""

    card: Card

    @property
    def is_owned(self) -> bool:
        return is_open(self.card)


@dataclass(frozen=True)
class Level:
    """A level of a tiered bundle with what it adds to the level below, which is empty for the lowest."""

    level: BundleLevel
    items: list[Item]
    below: str


@login_not_required
@require_safe
def bundle_detail(request: SiteRequest, slug: str) -> HttpResponse:
    """What is inside a bundle; one that is archived is 404 like one that never was."""
    bundle = bundle_on_offer(slug)
    if bundle is None:
        raise Http404
    items = [Item(card) for card in cards_for(request.user, bundle_courses(request.user, bundle), timezone.now())]
    context = {
        "bundle": bundle,
        "items": items,
        "levels": _levels(items) if bundle.bundle_type == "tiered" else [],
        "owned": sum(item.is_owned for item in items),
        "most": min(bundle.max_course_selections or 0, len(items)),
        "purchase": purchase_of(request.user, bundle),
        "viewer": "student" if request.user.is_authenticated else "anonymous",
        "lessons": sum(item.card.lesson_count for item in items),
        "length": format_duration(minutes=sum(item.card.course.estimated_minutes or 0 for item in items)),
    }
    return render(request, "access/bundle_detail.html", context | _for_search_engines(bundle, items))


def _levels(items: list[Item]) -> list[Level]:
    found: list[Level] = []
    for level in BundleLevel:
        added = [item for item in items if item.card.course.bundle_level == level]  # type: ignore[attr-defined] # annotated by bundle_courses
        if added:
            found.append(Level(level, added, found[-1].level.label if found else ""))
    return found


def _for_search_engines(bundle: Bundle, items: list[Item]) -> dict[str, Any]:
    text = bundle.description or f"{bundle.name}: {len(items)} courses as one."
    return {
        "page_description": plain_text(text, DESCRIPTION_LENGTH),
        "list_data": course_list_data(item.card.course for item in items),
        "breadcrumb_data": trail_data(("Courses", reverse("course_list")), (bundle.name, bundle.get_absolute_url())),
    }
