"""The trash: on the way into it, what lies in it, back out of it, and gone for good."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StudentRequest
from catalog.models import Course, Lesson
from catalog.trash import StillHeld, delete_for_good, restore_course, restore_lesson, trash_course
from common.storages import StorageAway
from dashboard.changing import posted
from dashboard.forms.trash import NameForm, TrashFilter
from dashboard.gates import (
    confirms_identity,
    edits_content,
    may_edit_content,
    may_manage_staff,
    owners_only,
    staff_only,
)
from dashboard.lists import page_of, query_of
from dashboard.lookups import course_named
from dashboard.publishing import tell_course_trashed
from dashboard.selectors.courses import ties_of
from dashboard.selectors.trash import HELD_BY, held_by, in_trash, trash_found, trash_lines


@require_http_methods(["GET", "POST"])
@edits_content
def course_delete(request: StudentRequest, slug: str) -> HttpResponse:
    """Put a course into the trash; with students in it, its name has to be typed."""
    course = course_named(slug)
    if course is None:
        raise Http404
    ties = ties_of(course)
    form = NameForm(posted(request), name=course.title) if ties.students or ties.holders else None
    if request.method == "POST" and (form is None or form.is_valid()):
        now = timezone.now()
        trash_course(course=course, actor=request.user, now=now)
        tell_course_trashed(request, course, now)
        return redirect("dashboard:course_list")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.is_bound else HTTPStatus.OK
    context = {"course": course, "ties": ties, "form": form}
    return render(request, "dashboard/courses/delete.html", context, status=status)


@require_safe
@staff_only
def trash(request: StudentRequest) -> HttpResponse:
    """Everything in the trash, fifty at a time."""
    now, form = timezone.now(), TrashFilter(request.GET)
    form.full_clean()
    found = trash_found(form.cleaned_data.get("q", ""), form.cleaned_data.get("kind", ""))
    page = page_of(request, found)
    context = {
        "form": form,
        "page": page,
        "query": query_of(request),
        "lines": [(line, line.days_left(now)) for line in trash_lines(page.object_list)],
        "can_restore": may_edit_content(request.user),
        "can_delete": may_manage_staff(request.user),
    }
    return render(request, "dashboard/trash/index.html", context)


@require_POST
@edits_content
def trash_restore_course(request: StudentRequest, course_id: int) -> HttpResponse:
    """Give a course back as it was."""
    course = get_object_or_404(Course, pk=course_id)
    course = restore_course(course=course, actor=request.user, now=timezone.now())
    messages.success(request, f"{course} is back as it was, with everything students did in it.")
    return redirect("dashboard:course_edit", course.slug)


@require_POST
@edits_content
def trash_restore_lesson(request: StudentRequest, lesson_id: int) -> HttpResponse:
    """Put a lesson back where it was."""
    lesson = get_object_or_404(Lesson.objects.select_related("course"), pk=lesson_id)
    restore_lesson(lesson=lesson, actor=request.user, now=timezone.now())
    if lesson.course.trashed_at:
        messages.success(request, f"{lesson} is back in {lesson.course}, which is in the trash itself.")
        return redirect("dashboard:trash")
    messages.success(request, f"{lesson} is back as it was, with everything students did in it.")
    return redirect("dashboard:course_outline", lesson.course.slug)


@require_http_methods(["GET", "POST"])
@owners_only
@confirms_identity
def trash_delete_course(request: StudentRequest, course_id: int) -> HttpResponse:
    """Delete a course for good, now."""
    return _delete(request, "course", course_id)


@require_http_methods(["GET", "POST"])
@owners_only
@confirms_identity
def trash_delete_lesson(request: StudentRequest, lesson_id: int) -> HttpResponse:
    """Delete a lesson for good, now."""
    return _delete(request, "lesson", lesson_id)


def _delete(request: StudentRequest, kind: str, pk: int) -> HttpResponse:
    """Say what keeps it, or ask for its name and delete it."""
    row = get_object_or_404(in_trash(kind, pk))
    holders, form = held_by(row), NameForm(posted(request), name=row.title)
    if form.is_valid() and not holders:
        try:
            delete_for_good(row=row, actor=request.user, now=timezone.now())
        except StillHeld as refusal:
            holders = [HELD_BY.get(model.__name__, str(model._meta.verbose_name)) for model in refusal.holders]
        except StorageAway as refusal:
            form.add_error(None, str(refusal))
        except ObjectDoesNotExist:
            raise Http404 from None
        else:
            messages.success(request, f"{row} is deleted for good.")
            return redirect("dashboard:trash")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.CONFLICT if form.is_bound else HTTPStatus.OK
    context = {"row": row, "kind": kind, "form": form, "holders": list(dict.fromkeys(holders))}
    return render(request, "dashboard/trash/delete.html", context, status=status)
