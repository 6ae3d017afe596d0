"""What the builder's views answer with: the outline, a form as a page, and 409 with the order as it is now."""

from http import HTTPStatus

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.http import StudentRequest
from catalog.models import Course, CourseStatus, Lesson, Module
from dashboard.course_words import STATUS_SAYS
from dashboard.gates import may_edit_content
from dashboard.selectors.outline import builder_outline
from dashboard.undoing import IN_SESSION


def course_to_build(slug: str) -> Course:
    """:raises Http404: for a course that is not there, or in the trash"""
    return get_object_or_404(Course, slug=slug, trashed_at=None)


def module_to_build(slug: str, module_id: int) -> Module:
    """:raises Http404: for a module that is not in this course"""
    modules = Module.objects.select_related("course")
    return get_object_or_404(modules, pk=module_id, course__slug=slug, course__trashed_at=None)


def lesson_to_build(slug: str, lesson_id: int) -> Lesson:
    """:raises Http404: for a lesson that is not in this course, or in the trash"""
    lessons = Lesson.objects.filter(trashed_at=None).select_related("course")
    return get_object_or_404(lessons, pk=lesson_id, course__slug=slug, course__trashed_at=None)


def tell(request: StudentRequest, told: str) -> None:
    """Say what was done where there is no Undo; what was offered before it is no longer the last change."""
    request.session.pop(IN_SESSION, None)
    messages.success(request, told)


def outline_page(request: StudentRequest, course: Course, status: int = HTTPStatus.OK) -> HttpResponse:
    """The outline as it is now."""
    status_now = CourseStatus(course.status)
    context = {
        "course": course,
        "outline": builder_outline(course),
        "says": STATUS_SAYS[status_now],
        "is_draft": status_now == CourseStatus.DRAFT,
        "can_change": may_edit_content(request.user),
    }
    return render(request, "dashboard/outline/index.html", context, status=status)


def conflict_page(request: StudentRequest, course: Course, wanted: str) -> HttpResponse:
    """409: what was not done, and the order as it is now."""
    told = f"Somebody changed this outline in the meantime. This is how it is now. Not done: {wanted}."
    messages.error(request, told)
    return outline_page(request, course, HTTPStatus.CONFLICT)


def form_page(
    request: StudentRequest,
    course: Course,
    form: Form,
    title: str,
    button: str,
    *,
    takes: bool = False,
    says: tuple[str, ...] = (),
) -> HttpResponse:
    """A form of the builder as a page of its own; `takes` marks what takes something away."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"course": course, "form": form, "title": title, "button": button, "takes": takes, "says": says}
    return render(request, "dashboard/outline/form.html", context, status=status)
