"""The pages that cohorts, bundles and learning paths share: list, new, settings, delete or archive, catch up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Page, Paginator
from django.db.models import Model
from django.forms import Form, ModelForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from access.services import AccessRefused, SeatsBelowMembers
from access.services.catching_up import ask_to_catch_up, is_catching_up
from access.services.managing import (
    GroupChanged,
    NameTaken,
    change_group,
    create_group,
    delete_or_archive,
    restore_group,
    version_of,
)
from accounts.http import StudentRequest
from common.money import format_money
from dashboard.changing import posted
from dashboard.forms.groups import GroupFilter
from dashboard.gates import may_change_access, may_edit_groups
from dashboard.group_nouns import Noun
from dashboard.selectors.groups import Group, courses_of, groups_found, is_used, lines_of, people_of
from dashboard.selectors.groups_lacking import lacks_of

PER_PAGE = 50
NOTHING = "(empty)"


@dataclass(frozen=True)
class Difference:
    """A field that two people gave different values; both in words."""

    label: str
    mine: str
    theirs: str


def list_page(request: StudentRequest, noun: Noun) -> HttpResponse:
    """Fifty at a time; the address says what was asked for."""
    sorts = {key: label for key, (label, _) in noun.orders.items()}
    form = GroupFilter(request.GET, sorts=sorts)
    order = noun.orders[form.said("sort")][1]
    groups = groups_found(
        noun.model._default_manager.all(),
        words=form.said("q"),
        state=form.said("state"),
        order=order,
        name=noun.title_field,
    )
    page = Paginator(groups, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "noun": noun,
        "list_url": noun.url("list"),
        "add_url": noun.url("add"),
        "form": form,
        "page": page,
        "lines": lines_of(page.object_list),
        "query": query_of(request),
        "may_edit": may_edit_groups(request.user),
    }
    return render(request, "dashboard/groups/index.html", context)


@contextmanager
def or_404() -> Iterator[None]:
    """What somebody deleted since the page was shown is not there any more.

    :raises Http404: for it
    """
    try:
        yield
    except ObjectDoesNotExist:
        raise Http404 from None


def query_of(request: StudentRequest) -> str:
    """The state of a list without the page one is on."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def people_page(request: StudentRequest, group: Group) -> tuple[Page[Any], str]:
    """Fifty of the group's people, and what was searched for."""
    words = request.GET.get("q", "").replace("\0", "")[:100].strip()
    return Paginator(people_of(group, words), PER_PAGE).get_page(request.GET.get("page")), words


def overview_of(request: StudentRequest, noun: Noun, group: Group) -> dict[str, Any]:
    """What every page of one group shows: its courses, its people, and who lacks what came later."""
    entries = courses_of(group)
    page, words = people_page(request, group)
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


def add_page(request: StudentRequest, noun: Noun) -> HttpResponse:
    """A new one; its courses are chosen on the next page."""
    form = noun.form(posted(request))
    if form.is_bound and form.is_valid():
        try:
            group = create_group(group=form.instance, now=timezone.now(), actor=request.user)
        except NameTaken as refusal:
            form.add_error(noun.title_field, str(refusal))
        else:
            messages.success(request, f"“{group}” is made. Choose its courses.")
            return redirect(noun.url("courses", group))
    context = {"noun": noun, "form": form, "list_url": noun.url("list"), "title": f"New {noun.one}"}
    return render(request, "dashboard/groups/form.html", context, status=status_of(form))


def status_of(form: Form | ModelForm[Any]) -> HTTPStatus:
    """200 on the way to a form, 422 for one that was refused."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK


def edit_page(request: StudentRequest, noun: Noun, group: Group, says: list[str]) -> HttpResponse:
    """The settings of one; who saves over somebody else's change sees both before."""
    label = str(group)
    form = noun.form(posted(request), instance=group, initial={"version": version_of(group)})
    context = {"noun": noun, "form": form, "label": label, "list_url": noun.url("list"), "says": says}
    context |= {"title": f"Settings of {label}", "detail_url": noun.url("detail", group)}
    return save_page(request, form, context, "dashboard/groups/form.html", noun.title_field)


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
        Difference(str(form.fields[name].label), in_words(mine, name), in_words(current, name))
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


def delete_page(request: StudentRequest, noun: Noun, group: Group) -> HttpResponse:
    """Ask, then delete what nobody ever used, and archive the rest."""
    label = str(group)
    if request.method == "POST":
        with or_404():
            is_deleted = delete_or_archive(group=group, now=timezone.now(), actor=request.user)
        if is_deleted:
            messages.success(request, f"“{label}” is deleted.")
            return redirect(noun.url("list"))
        messages.success(request, f"“{label}” is archived. Its {noun.people} keep what they have.")
        return redirect(noun.url("detail", group))
    context = {"noun": noun, "group": group, "urls": urls_of(noun, group), "is_used": is_used(group)}
    return render(request, "dashboard/groups/delete.html", context | {"people": people_of(group).count()})


def restore_page(request: StudentRequest, noun: Noun, group: Group) -> HttpResponse:
    """Put an archived one on offer again."""
    with or_404():
        restore_group(group=group, now=timezone.now(), actor=request.user)
    messages.success(request, f"“{group}” is active again.")
    return redirect(noun.url("detail", group))


def grant_page(request: StudentRequest, noun: Noun, group: Group) -> HttpResponse:
    """Give everybody what they lack, in the background."""
    with or_404():
        is_asked = ask_to_catch_up(group=group, actor=request.user)
    if is_asked:
        messages.success(request, "It is being granted in the background. This page says how many are left.")
    else:
        messages.info(request, "It is being granted already.")
    return redirect(noun.url("detail", group))
