"""The student's own pages and the lesson page, where access, progress and content meet."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from access.decisions import Code, decide_course, decide_lesson_in
from access.groups import cohorts_on_offer
from access.models import CourseEnrollment
from access.offers import routes_in, with_my_steps
from access.selectors import (
    course_for_viewer,
    course_once_at,
    courses_visible_to,
    is_shown_after_sign_in,
    lesson_decision,
    lesson_once_at,
    suspension_of,
    tier_of,
)
from access.standings import standing_of
from accounts.http import SiteRequest, StudentRequest
from catalog.captions import Cue, paragraphs_of
from catalog.models import EnrollmentMethod, Lesson, Material, Module
from catalog.pictures import open_lesson_picture
from common.redirects import log_in_first, moved_for_good
from progress.cards import (
    SHOWS,
    SORTS,
    Card,
    card_to_continue,
    dashboard_cards,
    figures_of,
    known_choice,
    unlockable_cards,
)
from progress.continuing import next_lesson
from progress.models import LessonProgress
from progress.player import player_for
from progress.prerequisites import beforehand, first_missing
from progress.selectors import (
    Outline,
    cards_for,
    courses_around,
    find_lesson_page,
    latest_progress,
    my_progress,
    once_completed,
    outline_of,
)
from progress.services import set_completed
from progress.states import State, joining_state, lesson_state_of, state_of

UNLOCKABLE = 6

MOST_IN_A_ROW = 10_000  # beyond it a number in an address is no lesson, and may be none for the database


@login_not_required
@require_safe
def lesson_detail(request: SiteRequest, slug: str, lesson_slug: str) -> HttpResponse:
    """A lesson for those who may open it; for others the lock page, with one reason and nothing protected."""
    if is_shown_after_sign_in(request.user, slug):
        return log_in_first(request)
    try:
        lesson = find_lesson_page(request.user, slug, lesson_slug)
    except Lesson.DoesNotExist:
        return moved_for_good(request, lesson_once_at(request.user, slug, lesson_slug))
    return _show(request, lesson)


def _show(request: SiteRequest, lesson: Lesson) -> HttpResponse:
    now = timezone.now()
    standing = standing_of(request.user, lesson.course)
    course_decision = decide_course(standing, now)
    decision = decide_lesson_in(course_decision, standing, lesson, now, is_completed=once_completed(lesson))
    if decision.code == Code.NOT_FOUND:
        raise Http404
    outline = outline_of(standing, course_decision, now)
    context: dict[str, Any] = {
        "course": lesson.course,
        "lesson": lesson,
        "line": outline.find(lesson.pk),
        "outline": outline,
        "standing": standing,
        "decision": decision,
        "state": lesson_state_of(standing, decision, course_decision, now, done=outline.done, total=outline.total),
        "viewer": "student" if request.user.is_authenticated else "anonymous",
    }
    if not decision.is_allowed:
        return _locked(request, context, now)
    if request.htmx and request.user.is_authenticated:  # the player asks after a report completed the lesson
        return _show_marks(request, lesson, my_progress(lesson), outline)
    response = render(request, "lessons/lesson.html", context | _content(request, lesson, outline, now))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _lesson(request: SiteRequest, slug: str, lesson_slug: str) -> Lesson:
    """The lesson of a course this viewer may know of, with course, transcript and the student's row."""
    try:
        return find_lesson_page(request.user, slug, lesson_slug)
    except Lesson.DoesNotExist:
        raise Http404 from None


def _locked(request: SiteRequest, context: dict[str, Any], now: datetime) -> HttpResponse:
    course, standing, state = context["course"], context["standing"], context["state"]
    course.tier = tier_of(course)
    context["is_closed"] = not course.takes_new_students(now)
    if state == State.SUSPENDED:
        context["suspension"] = suspension_of(standing)
    elif standing.missing and state in {State.PREREQUISITE, State.FREE}:
        context["prerequisites"] = beforehand(standing)
        context["first_missing"] = first_missing(context["prerequisites"])
    elif state == State.READY_TO_JOIN and course.enrollment_method == EnrollmentMethod.COHORT_ONLY:
        context["cohorts"] = list(cohorts_on_offer(request.user, course, now))
        context["state"] = joining_state(state, standing, context["cohorts"])
    response = render(request, "lessons/locked.html", context, status=HTTPStatus.FORBIDDEN)
    response["X-Robots-Tag"] = "noindex"
    return response


def _content(request: SiteRequest, lesson: Lesson, outline: Outline, now: datetime) -> dict[str, Any]:
    """What only those who may open the lesson get to see."""
    mine = my_progress(lesson)
    line = outline.find(lesson.pk)
    transcript = getattr(lesson, "transcript", None)
    return {
        "mine": mine,
        "player": player_for(lesson, mine, user=request.user, now=now),
        "materials": Material.objects.filter(lesson=lesson).order_by("order", "pk"),
        "transcript": transcript,
        "paragraphs": paragraphs_of(Cue(*cue) for cue in transcript.cues) if transcript else [],
        "previous": outline.before(line) if line else None,
        "following": outline.after(line) if line else None,
    }


@login_not_required
@require_safe
def lesson_by_position(request: SiteRequest, slug: str, module_number: int, lesson_number: int) -> HttpResponse:
    """The address by numbers of seed 004: a permanent redirect to the lesson's own address  [X-20]."""
    if max(module_number, lesson_number) > MOST_IN_A_ROW:
        raise Http404
    visible = courses_visible_to(request.user)
    course = visible.filter(slug=slug).first() or course_once_at(request.user, slug)
    modules = Module.objects.filter(course=course).order_by("order", "pk").values_list("pk", flat=True)
    try:
        module = modules[module_number - 1]
        lessons = Lesson.objects.filter(course=course, module=module, is_published=True).order_by("order", "pk")
        lesson = lessons[lesson_number - 1]
    except (IndexError, ValueError):
        raise Http404 from None
    return HttpResponsePermanentRedirect(lesson.get_absolute_url())


@require_POST
def lesson_complete(request: StudentRequest, slug: str, lesson_slug: str) -> HttpResponse:
    """Set the wanted state from the lesson's button; repeating it changes nothing."""
    lesson = _lesson(request, slug, lesson_slug)
    now = timezone.now()
    standing = standing_of(request.user, lesson.course)
    course_decision = decide_course(standing, now)
    decision = decide_lesson_in(course_decision, standing, lesson, now, is_completed=once_completed(lesson))
    if not decision.is_allowed:
        return _show(request, lesson)
    is_completed = request.POST.get("completed") != "false"
    mine = set_completed(
        user=request.user,
        lesson=lesson,
        mine=my_progress(lesson),
        decision=decision,
        is_completed=is_completed,
        now=now,
    )
    if not is_completed and not request.htmx:
        return redirect(lesson)
    outline = outline_of(standing, course_decision, now)
    return _show_marks(request, lesson, mine, outline) if request.htmx else _go_on(request, lesson, outline)


def _show_marks(request: SiteRequest, lesson: Lesson, mine: LessonProgress | None, outline: Outline) -> HttpResponse:
    """The parts of the lesson page that completing changes: the button row, and the outline out of band."""
    line = outline.find(lesson.pk)
    context = {
        "course": lesson.course,
        "lesson": lesson,
        "line": line,
        "outline": outline,
        "mine": mine,
        "previous": outline.before(line) if line else None,
        "following": outline.after(line) if line else None,
    }
    return render(request, "lessons/_marks.html", context)


def _go_on(request: StudentRequest, lesson: Lesson, outline: Outline) -> HttpResponse:
    """After completing: the next lesson in reading order, or the course page when this was the last one."""
    line = outline.find(lesson.pk)
    following = outline.after(line) if line else None
    if following and following.is_open:
        return redirect("lesson_detail", slug=lesson.course.slug, lesson_slug=following.lesson.slug)
    messages.success(request, f"{lesson.title} is complete.")
    return redirect(lesson.course)


@require_safe
def course_continue(request: StudentRequest, slug: str) -> HttpResponse:
    """Go to the first unfinished open lesson; to the course page when there is none."""
    course = course_for_viewer(request.user, slug)
    if course is None:
        raise Http404
    standing, now = standing_of(request.user, course), timezone.now()
    decision = decide_course(standing, now)
    line = outline_of(standing, decision, now).next_lesson if decision.is_allowed else None
    if line is None:
        return redirect(course)
    return redirect("lesson_detail", slug=course.slug, lesson_slug=line.lesson.slug)


@login_not_required
@require_safe
def lesson_material(request: SiteRequest, slug: str, lesson_slug: str, material_id: int) -> FileResponse:
    """Send a lesson's file to those who may open the lesson; nobody else learns that it exists (T13)."""
    lesson = _open_lesson(request, slug, lesson_slug)
    material = get_object_or_404(Material.objects.exclude(file=""), pk=material_id, lesson=lesson)
    name = (material.file.name or "").rpartition("/")[2]
    return _protected(FileResponse(material.file.open("rb"), as_attachment=True, filename=name))


@login_not_required
@require_safe
def lesson_picture(request: SiteRequest, slug: str, lesson_slug: str, name: str) -> FileResponse:
    """Show a picture of a lesson's text to those who may open the lesson."""
    lesson = _open_lesson(request, slug, lesson_slug)
    try:
        picture, content_type = open_lesson_picture(lesson.course.slug, lesson.slug, name)
    except FileNotFoundError:
        raise Http404 from None
    return _protected(FileResponse(picture, filename=name.rpartition("/")[2], content_type=content_type))


def _protected(response: FileResponse) -> FileResponse:
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@require_safe
def lesson_captions(request: SiteRequest, slug: str, lesson_slug: str) -> HttpResponse:
    """The caption file for the player, to those who may open the lesson."""
    lesson = _open_lesson(request, slug, lesson_slug)
    transcript = getattr(lesson, "transcript", None)
    if transcript is None or not transcript.captions:
        raise Http404
    return HttpResponse(transcript.captions, content_type="text/vtt; charset=utf-8")


def _open_lesson(request: SiteRequest, slug: str, lesson_slug: str) -> Lesson:
    lesson = _lesson(request, slug, lesson_slug)
    decision = lesson_decision(request.user, lesson, timezone.now(), is_completed=once_completed(lesson))
    if not decision.is_allowed:
        raise Http404
    return lesson


@require_safe
def my_dashboard(request: StudentRequest) -> HttpResponse:
    """What the student takes, where they were last, and what is open to them."""
    now = timezone.now()
    courses = with_my_steps(request.user, courses_around(request.user, more=UNLOCKABLE))
    cards = cards_for(request.user, courses, now)
    show, sort = known_choice(request.GET.get("show"), SHOWS), known_choice(request.GET.get("sort"), SORTS)
    mine = [card for card in cards if card.is_mine]
    latest = latest_progress(request.user, [card.course for card in mine if card.can_continue])
    card = card_to_continue(mine, latest)
    context = {
        "latest": latest,
        "continue_card": card,
        "next_lesson": _lesson_after(latest, card, now),
        "ending": [card for card in mine if card.ends_in_days is not None],
        "cards": dashboard_cards(cards, show, sort),
        "ended": dashboard_cards(cards, "ended", sort) if show == "all" else [],
        "has_courses": bool(mine),
        "figures": figures_of(mine),
        "unlockable": unlockable_cards(cards),
        "routes": routes_in(card.course for card in cards),
        "show": show,
        "shows": SHOWS,
        "sort": sort,
        "sorts": SORTS,
    }
    return render(request, "progress/my_dashboard.html", context)


def _lesson_after(latest: LessonProgress | None, card: Card | None, now: datetime) -> Lesson | None:
    """The lesson to name where the student is in the middle of none."""
    if card is None or card.standing is None or (latest and not latest.is_completed):
        return None
    return next_lesson(card.standing, now)


@require_safe
def course_progress(request: StudentRequest, slug: str) -> HttpResponse:
    """Every lesson of one course with this student's marks; it stays readable when access has ended."""
    course = course_for_viewer(request.user, slug)
    if course is None:
        raise Http404
    standing = standing_of(request.user, course)
    if not standing.is_enrolled:
        raise Http404
    now = timezone.now()
    decision = decide_course(standing, now)
    outline = outline_of(standing, decision, now)
    context = {
        "course": course,
        "decision": decision,
        "outline": outline,
        "state": state_of(standing, decision, now, done=outline.done, total=outline.total),
        "enrollment": CourseEnrollment.objects.get(user=request.user, course=course),
    }
    return render(request, "progress/course_progress.html", context)
