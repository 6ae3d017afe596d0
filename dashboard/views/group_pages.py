"""Cohorts, bundles and learning paths: list, new, settings, courses, delete or archive, catch up, export.

What makes the three differ is their noun, which the address brings; `cohorts.py` has what only cohorts do.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.services.catching_up import ask_to_catch_up
from access.services.managing import NameTaken, create_group, delete_or_archive, restore_group, version_of
from accounts.http import StudentRequest
from common.csv_rows import csv_response
from dashboard.changing import posted
from dashboard.forms.groups import GroupFilter
from dashboard.gates import edits_groups, may_edit_groups, staff_only
from dashboard.group_courses import courses_page
from dashboard.group_nouns import Noun
from dashboard.group_pages import or_404, overview_of, save_page, status_of, urls_of
from dashboard.lists import page_of, query_of
from dashboard.selectors.groups import Group, groups_found, is_used, lines_of, people_of

log = structlog.get_logger(__name__)


def of_group(view: Callable[[StudentRequest, Noun, Any], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page of one cohort, bundle or path: the number in its address becomes the group, or 404."""

    @wraps(view)
    def found(request: StudentRequest, *, noun: Noun, **number: int) -> HttpResponseBase:
        return view(request, noun, noun.find(number[f"{noun.name}_id"]))

    return found


@require_safe
@staff_only
def index(request: StudentRequest, noun: Noun) -> HttpResponse:
    """Fifty at a time; the address says what was asked for."""
    form, groups = _asked(request, noun)
    page = page_of(request, groups)
    context = {
        "noun": noun,
        "list_url": noun.url("list"),
        "add_url": noun.url("add"),
        "export_url": noun.url("list_export"),
        "form": form,
        "page": page,
        "lines": lines_of(page.object_list),
        "query": query_of(request),
        "may_edit": may_edit_groups(request.user),
    }
    return render(request, "dashboard/groups/index.html", context)


@require_safe
@staff_only
def export_list(request: StudentRequest, noun: Noun) -> StreamingHttpResponse:
    """All that the list found, on however many pages, as CSV."""
    log.info("groups_exported", by=request.user.pk, kind=noun.name, query=query_of(request))
    rows = map(noun.cells, lines_of(_asked(request, noun)[1]))
    return csv_response(f"{noun.name}s-{timezone.localdate():%Y-%m-%d}.csv", noun.columns, rows)


def _asked(request: StudentRequest, noun: Noun) -> tuple[GroupFilter, QuerySet[Any]]:
    """What the address asks for, and those that fit, in their order."""
    form = GroupFilter(request.GET, sorts={key: label for key, (label, _) in noun.orders.items()})
    return form, groups_found(
        noun.model._default_manager.all(),
        words=form.said("q"),
        state=form.said("state"),
        order=noun.orders[form.said("sort")][1],
        name=noun.title_field,
    )


@require_http_methods(["GET", "POST"])
@edits_groups
def add(request: StudentRequest, noun: Noun) -> HttpResponse:
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


@require_safe
@staff_only
@of_group
def detail(request: StudentRequest, noun: Noun, group: Group) -> HttpResponse:
    """One of them: its courses, its people, and who lacks what came later."""
    return render(request, noun.page, overview_of(request, noun, group))


@require_http_methods(["GET", "POST"])
@edits_groups
@of_group
def edit(request: StudentRequest, noun: Noun, group: Group) -> HttpResponse:
    """The settings of one; who saves over somebody else's change sees both before."""
    label, number = str(group), people_of(group).count()
    form = noun.form(posted(request), instance=group, initial={"version": version_of(group)})
    context = {
        "noun": noun,
        "form": form,
        "label": label,
        "list_url": noun.url("list"),
        "detail_url": noun.url("detail", group),
        "title": f"Settings of {label}",
        "says": [f"{noun.count(number)}: {noun.reminder}"] if number else [],
    }
    return save_page(request, form, context, "dashboard/groups/form.html", noun.title_field)


@require_http_methods(["GET", "POST"])
@edits_groups
@of_group
def delete(request: StudentRequest, noun: Noun, group: Group) -> HttpResponse:
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


@require_POST
@edits_groups
@of_group
def restore(request: StudentRequest, noun: Noun, group: Group) -> HttpResponse:
    """Put an archived one on offer again."""
    with or_404():
        restore_group(group=group, now=timezone.now(), actor=request.user)
    messages.success(request, f"“{group}” is active again.")
    return redirect(noun.url("detail", group))


@require_http_methods(["GET", "POST"])
@edits_groups
@of_group
def courses(request: StudentRequest, noun: Noun, group: Group) -> HttpResponse:
    """Its courses, and those that may come in; a POST is one change."""
    return courses_page(request, noun, group)


@require_POST
@edits_groups
@of_group
def grant(request: StudentRequest, noun: Noun, group: Group) -> HttpResponse:
    """Give everybody what they lack, in the background."""
    with or_404():
        is_asked = ask_to_catch_up(group=group, actor=request.user)
    if is_asked:
        messages.success(request, "It is being granted in the background. This page says how many are left.")
    else:
        messages.info(request, "It is being granted already.")
    return redirect(noun.url("detail", group))


@require_safe
@staff_only
@of_group
def export(request: StudentRequest, noun: Noun, group: Group) -> StreamingHttpResponse:
    """All its people as CSV."""
    log.info("group_exported", by=request.user.pk, kind=noun.name, group=group.pk)
    rows = map(noun.people_cells, people_of(group).iterator(chunk_size=500))
    return csv_response(f"{noun.name}-{group.pk}-{timezone.localdate():%Y-%m-%d}.csv", noun.people_columns, rows)
