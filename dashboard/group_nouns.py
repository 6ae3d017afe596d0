"""Cohorts, bundles and learning paths have the same pages; here is what makes them differ."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.functions import Lower
from django.forms import ModelForm
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import yesno
from django.urls import reverse

from access.models import Bundle, BundlePurchase, Cohort, CohortMembership, LearningPath, PathMembership
from dashboard.forms.groups import BundleForm, CohortForm, PathForm
from dashboard.selectors.groups import Group, Line


@dataclass(frozen=True)
class Noun:
    """A kind of group: the beginning of its addresses' names, its form, its words, its orders, its people as CSV.

    `page` and `table` are the templates of one and of the list; `reminder` stands above the settings, behind the
    number of people; `columns` and `cells` are the list as CSV, `people_columns` and `people_cells` one's people.
    """

    name: str
    model: type[Group]
    form: type[ModelForm[Any]]
    title_field: str
    one: str
    many: str
    person: str
    people: str
    about: str
    reminder: str
    page: str
    table: str
    columns: tuple[str, ...]
    cells: Callable[[Any], tuple[Any, ...]]
    people_columns: tuple[str, ...]
    people_cells: Callable[[Any], tuple[Any, ...]]
    orders: dict[str, tuple[str, list[Any]]]

    def url(self, page: str, group: Group | None = None) -> str:
        """The address of one of its pages."""
        return reverse(f"dashboard:{self.name}_{page}", args=[group.pk] if group else [])

    def find(self, number: int) -> Any:
        """The one of this number.

        :raises Http404: if there is none
        """
        return get_object_or_404(self.model, pk=number)

    def count(self, number: int) -> str:
        """1 member, 2 members."""
        return f"{number} {self.person if number == 1 else self.people}"


def _who(place: CohortMembership | BundlePurchase | PathMembership) -> tuple[str, str]:
    return place.user.name, place.user.email


def _state(line: Line) -> str:
    return "active" if line.group.is_active else "archived"


def _how(purchase: BundlePurchase) -> str:
    return f"Given by {purchase.granted_by.display_name}" if purchase.granted_by else "Bought"


COHORT = Noun(
    name="cohort",
    page="dashboard/cohorts/detail.html",
    table="dashboard/cohorts/_table.html",
    model=Cohort,
    form=CohortForm,
    title_field="name",
    one="cohort",
    many="Cohorts",
    person="member",
    people="members",
    about="A group of students with a first day, seats and courses.",
    reminder="seats cannot go below that.",
    columns=("Name", "First day", "Last day", "Members", "Seats", "Courses", "Gives access", "State"),
    cells=lambda line: (
        *(line.group.name, line.group.starts_on, line.group.ends_on, line.people, line.group.max_participants),
        *(line.courses, yesno(line.group.grants_access), _state(line)),
    ),
    people_columns=("Name", "E-mail", "Joined", "Added by"),
    people_cells=lambda place: (*_who(place), place.joined_at, place.added_by.display_name if place.added_by else ""),
    orders={
        "start": ("Latest first day", [F("starts_on").desc(nulls_last=True), "-pk"]),
        "name": ("Name", [Lower("name"), "pk"]),
        "newest": ("Newest first", ["-pk"]),
        "members": ("Most members", ["-member_count", "pk"]),
    },
)
BUNDLE = Noun(
    name="bundle",
    page="dashboard/bundles/detail.html",
    table="dashboard/bundles/_table.html",
    model=Bundle,
    form=BundleForm,
    title_field="name",
    one="bundle",
    many="Bundles",
    person="owner",
    people="owners",
    about="Several courses bought or given as one.",
    reminder="what they bought decides for them, whatever you change here.",
    columns=("Name", "Type", "Courses", "Owners", "State"),
    cells=lambda line: (line.group.name, line.group.get_bundle_type_display(), line.courses, line.people, _state(line)),
    people_columns=("Name", "E-mail", "Since", "Level", "How"),
    people_cells=lambda place: (*_who(place), place.purchased_at, place.get_level_display() or "", _how(place)),
    orders={
        "name": ("Name", [Lower("name"), "pk"]),
        "newest": ("Newest first", ["-pk"]),
        "type": ("Type", ["bundle_type", Lower("name"), "pk"]),
    },
)
PATH = Noun(
    name="path",
    page="dashboard/paths/detail.html",
    table="dashboard/paths/_table.html",
    model=LearningPath,
    form=PathForm,
    title_field="title",
    one="learning path",
    many="Learning paths",
    person="member",
    people="members",
    about="Courses in an order: completing one opens the next.",
    reminder="they stay on it, whatever you change here.",
    columns=("Name", "Courses", "Members", "Free to start", "State"),
    cells=lambda line: (line.group.title, line.courses, line.people, yesno(line.group.is_free), _state(line)),
    people_columns=("Name", "E-mail", "Joined"),
    people_cells=lambda place: (*_who(place), place.joined_at),
    orders={"name": ("Name", [Lower("title"), "pk"]), "newest": ("Newest first", ["-pk"])},
)
