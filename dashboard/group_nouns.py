"""Cohorts, bundles and learning paths have the same pages; here is what makes them differ."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.functions import Lower
from django.forms import ModelForm
from django.shortcuts import get_object_or_404
from django.urls import reverse

from access.models import Bundle, Cohort, LearningPath
from dashboard.forms.groups import BundleForm, CohortForm, PathForm
from dashboard.selectors.groups import Group


@dataclass(frozen=True)
class Noun:
    """A kind of group: the beginning of its addresses' names, its words, its form, its table, its orders."""

    name: str
    model: type[Group]
    form: type[ModelForm[Any]]
    title_field: str
    one: str
    many: str
    person: str
    people: str
    about: str
    table: str
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


COHORT = Noun(
    name="cohort",
    model=Cohort,
    form=CohortForm,
    title_field="name",
    one="cohort",
    many="Cohorts",
    person="member",
    people="members",
    about="A group of students with a first day, seats and courses.",
    table="dashboard/cohorts/_table.html",
    orders={
        "start": ("First day, latest first", [F("starts_on").desc(nulls_last=True), "-pk"]),
        "name": ("Name", [Lower("name"), "pk"]),
        "newest": ("Newest first", ["-pk"]),
        "members": ("Most members", ["-member_count", "pk"]),
    },
)
BUNDLE = Noun(
    name="bundle",
    model=Bundle,
    form=BundleForm,
    title_field="name",
    one="bundle",
    many="Bundles",
    person="owner",
    people="owners",
    about="Several courses bought or given as one.",
    table="dashboard/bundles/_table.html",
    orders={
        "name": ("Name", [Lower("name"), "pk"]),
        "newest": ("Newest first", ["-pk"]),
        "type": ("Type", ["bundle_type", Lower("name"), "pk"]),
    },
)
PATH = Noun(
    name="path",
    model=LearningPath,
    form=PathForm,
    title_field="title",
    one="learning path",
    many="Learning paths",
    person="member",
    people="members",
    about="Courses in an order: completing one opens the next.",
    table="dashboard/paths/_table.html",
    orders={"name": ("Name", [Lower("title"), "pk"]), "newest": ("Newest first", ["-pk"])},
)
