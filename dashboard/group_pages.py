"""What pages of cohorts, bundles, learning paths and tiers share: what one shows, and a form saved over a version."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.forms import Form, ModelForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from access.services import AccessRefused, SeatsBelowMembers
from access.services.catching_up import is_catching_up
from access.services.managing import GroupChanged, NameTaken, change_group, version_of
from accounts.http import StudentRequest
from common.money import format_money
from dashboard.differing import NOTHING, Difference
from dashboard.gates import may_change_access, may_edit_groups
from dashboard.group_nouns import Noun
from dashboard.lists import page_of, query_of
from dashboard.selectors.groups import Group, courses_of, people_of
from dashboard.selectors.groups_lacking import lacks_of


@contextmanager
def or_404() -> Iterator[None]:
    """What somebody deleted since the page was shown is not there any more.

    :raises Http404: for it
    """
    try:
        yield
    except ObjectDoesNotExist:
        raise Http404 from None


def overview_of(request: StudentRequest, noun: Noun, group: Group) -> dict[str, Any]:
    """What the page of one group shows: its courses, fifty of its people, and who lacks what came later."""
    entries = courses_of(group)
    words = request.GET.get("q", "").replace("\0", "")[:100].strip()
    page = page_of(request, people_of(group, words))
    is_whole = not words and page.number == 1  # who looks for somebody does not wait for a count of all
    places = [(entry.course, getattr(entry, "level", 1)) for entry in entries if is_whole]
    return {
        "noun": noun,
        "group": group,
        "urls": urls_of(noun, group),
        "entries": entries,
        "page": page,
        "words": words,
        "query": query_of(request),
        "lacks": lacks_of(group, places, timezone.now()),
        "is_catching_up": is_catching_up(group),
        "may_edit": may_edit_groups(request.user),
        "may_change_access": may_change_access(request.user),
    }


def urls_of(noun: Noun, group: Group) -> dict[str, str]:
    """The addresses of a group's pages, for templates that serve all three."""
    pages = ("detail", "edit", "delete", "restore", "courses", "grant", "export")
    return {"list": noun.url("list")} | {page: noun.url(page, group) for page in pages}


def status_of(form: Form | ModelForm[Any]) -> HTTPStatus:
    """200 on the way to a form, 422 for one that was refused."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK


def save_page(
    request: StudentRequest, form: ModelForm[Any], context: dict[str, Any], template: str, title_field: str
) -> HttpResponse:
    """Save a form over the version it shows, or show it again with what is wrong or what changed meanwhile."""
    status = status_of(form)
    if form.is_bound and form.is_valid():
        try:
            with or_404():
                change_group(
                    group=form.instance, version=form.cleaned_data["version"], now=timezone.now(), actor=request.user
                )
        except (NameTaken, SeatsBelowMembers, AccessRefused) as refusal:
            form.add_error(_field_of(refusal, title_field), str(refusal))
        except GroupChanged as changed:
            status = HTTPStatus.CONFLICT
            context["conflict"] = differences(form, changed.current)
            form.data = dict(form.data.items()) | {"version": version_of(changed.current)}
        else:
            messages.success(request, f"“{form.instance}” is saved.")
            return redirect(context["detail_url"])
    return render(request, template, context, status=status)


def _field_of(refusal: Exception, title_field: str) -> str:
    if isinstance(refusal, SeatsBelowMembers):
        return "max_participants"
    return title_field if isinstance(refusal, NameTaken) else "starts_on"


def differences(form: ModelForm[Any], current: Model) -> list[Difference]:
    """What the form would save beside what is stored now, field by field."""
    mine: Model = form.instance
    names = [name for name in form.fields if name != "version"]
    return [
        Difference(name, str(form.fields[name].label), in_words(mine, name), in_words(current, name))
        for name in names
        if getattr(mine, name) != getattr(current, name)
    ]


def in_words(row: Model, name: str) -> str:
    """The value of a field as a person would say it."""
    value = getattr(row, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, "", []):
        return NOTHING
    if name.endswith("_minor"):
        return format_money(value, getattr(row, "currency", "EUR"))
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if hasattr(value, "strftime"):
        return f"{value.day} {value:%B %Y}"
    words: Callable[[], str] | None = getattr(row, f"get_{name}_display", None)
    return words() if words else str(value)
