"""Courses and their lessons for machines  [004]; a unit is a lesson."""

from http import HTTPStatus
from typing import Annotated, Any

from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import ConfigDict

from access.decisions import decide_course
from access.selectors import (
    courses_listed_to,
    courses_visible_to,
    is_shown_after_sign_in,
    standings_of,
)
from access.standings import standing_of
from accounts.http import SiteRequest, StudentRequest
from api.auth import optional_session, session
from api.errors import Refused, error_body
from api.views.lessons import LessonId, open_lesson
from catalog.models import Course, FavoriteCourse, Lesson
from catalog.services import set_favorite
from progress.selectors import has_completed, my_progress, outline_of
from progress.services import set_completed

router = Router()
CourseId = Annotated[int, Path(ge=1, le=2**31 - 1)]
SUMMARY_LENGTH = 200


class FavoriteIn(Schema):
    """The wanted state; a bare call toggles  [001]."""

    model_config = ConfigDict(strict=True, extra="ignore")

    is_favorited: bool | None = None


class ToggleIn(Schema):
    """The wanted state; a bare call toggles  [004 R-CRS-5]."""

    model_config = ConfigDict(strict=True, extra="ignore")

    completed: bool | None = None


BARE_FAVORITE, BARE_TOGGLE = FavoriteIn(), ToggleIn()  # what a call without a body says


@router.get("", auth=optional_session)
@router.get("/", auth=optional_session, include_in_schema=False)
def list_courses(request: SiteRequest) -> dict[str, Any]:
    """Every listed course with `is_locked` for the caller  [004 R-CRS-2]."""
    now = timezone.now()
    courses = courses_listed_to(request.user).prefetch_related("tags").order_by("-created_at", "-pk")
    standings = standings_of(request.user, courses)
    return {
        "courses": [
            _summary(standing.course, is_locked=not decide_course(standing, now).is_allowed) for standing in standings
        ]
    }


def _summary(course: Course, *, is_locked: bool) -> dict[str, Any]:
    return {
        "id": course.pk,
        "slug": course.slug,
        "title": course.title,
        "description": course.description[:SUMMARY_LENGTH],
        "cover_image_url": course.cover.url if course.cover else None,
        "instructor_name": course.instructor_name,
        "tags": sorted(tag.slug for tag in course.tags.all()),
        "is_free": course.is_free,
        "required_level": course.required_level,
        "is_locked": is_locked,
    }


@router.get("/{slug:slug}", auth=optional_session)
@router.get("/{slug:slug}/", auth=optional_session, include_in_schema=False)
def get_course(request: SiteRequest, slug: str) -> dict[str, Any]:
    """One course with its whole syllabus and no protected content  [004 R-CRS-3]."""
    course, now = _course(request, slug), timezone.now()
    standing = standing_of(request.user, course)
    decision = decide_course(standing, now)
    outline = outline_of(standing, decision, now)
    shows_discussion = course.is_free or decision.is_allowed
    body = _summary(course, is_locked=not decision.is_allowed) | {
        "description": course.description,
        "instructor_bio": course.instructor_bio,
        "discussion_url": course.discussion_url or None if shows_discussion else None,
        "syllabus": [_chapter(number, chapter) for number, chapter in enumerate(outline.chapters, start=1)],
    }
    if request.user.is_authenticated:
        body["progress"] = {"completed": outline.done, "total": outline.total}
    return body


def _chapter(number: int, chapter: Any) -> dict[str, Any]:
    module = chapter.module
    return {
        "id": module.pk if module else None,
        "title": module.title if module else "",
        "sort_order": number,
        "units": [
            {"id": line.lesson.pk, "title": line.lesson.title, "sort_order": n, "is_preview": line.lesson.is_preview}
            for n, line in enumerate(chapter.lessons, start=1)
        ],
    }


def _course(request: SiteRequest, slug: str) -> Course:
    """:raises Refused: 404, or 401 where logging in would show it"""
    course = courses_visible_to(request.user).prefetch_related("tags").filter(slug=slug).first()
    if course:
        return course
    if is_shown_after_sign_in(request.user, slug):
        raise Refused(HTTPStatus.UNAUTHORIZED, error_body("authentication_required", "Log in first."))
    raise Refused(HTTPStatus.NOT_FOUND, error_body("not_found", "There is no such course."))


@router.get("/{slug:slug}/units/{int:lesson_id}", auth=optional_session)
@router.get("/{slug:slug}/units/{int:lesson_id}/", auth=optional_session, include_in_schema=False)
def get_unit(request: SiteRequest, slug: str, lesson_id: LessonId) -> dict[str, Any]:
    """One lesson with its content, for those who may open it; else 403 with the reason  [004 R-CRS-4]."""
    if is_shown_after_sign_in(request.user, slug):
        raise Refused(HTTPStatus.UNAUTHORIZED, error_body("authentication_required", "Log in first."))
    lesson, _ = open_lesson(request, pk=lesson_id, course__slug=slug)
    return _unit(request, lesson)


def _unit(request: SiteRequest, lesson: Lesson) -> dict[str, Any]:
    module = lesson.module
    body = {
        "id": lesson.pk,
        "title": lesson.title,
        "sort_order": lesson.order,
        "video_url": lesson.video_url or None,
        "body": lesson.body,
        "body_html": lesson.body_html,
        "homework": lesson.homework or None,
        "homework_html": lesson.homework_html or None,
        "timestamps": lesson.timestamps,
        "is_preview": lesson.is_preview,
        "module": {"id": module.pk, "title": module.title, "sort_order": module.order} if module else None,
    }
    if request.user.is_authenticated:
        body["is_completed"] = has_completed(lesson)
    return body


@router.post("/{slug:slug}/units/{int:lesson_id}/complete", auth=session)
@router.post("/{slug:slug}/units/{int:lesson_id}/complete/", auth=session, include_in_schema=False)
def toggle_unit(
    request: StudentRequest, slug: str, lesson_id: LessonId, body: ToggleIn = BARE_TOGGLE
) -> dict[str, Any]:
    """Set the wanted state; a bare call toggles, as the seed says  [004 R-CRS-5, X-17]."""
    lesson, decision = open_lesson(request, pk=lesson_id, course__slug=slug)
    wanted = not has_completed(lesson) if body.completed is None else body.completed
    row = set_completed(
        user=request.user,
        lesson=lesson,
        mine=my_progress(lesson),
        decision=decision,
        is_completed=wanted,
        now=timezone.now(),
    )
    return {"completed": row.is_completed}


@router.post("/{int:course_id}/favorite", auth=session, include_in_schema=False)
@router.post("/{int:course_id}/favorite/", auth=session)
def favorite(request: StudentRequest, course_id: CourseId, body: FavoriteIn = BARE_FAVORITE) -> dict[str, Any]:
    """Put or take the heart; a bare call toggles  [001]."""
    course = courses_visible_to(request.user).filter(pk=course_id).first()
    if course is None:
        raise Refused(HTTPStatus.NOT_FOUND, error_body("not_found", "There is no such course."))
    wanted = body.is_favorited
    if wanted is None:
        wanted = not FavoriteCourse.objects.filter(user=request.user, course=course).exists()
    set_favorite(user_id=request.user.pk, course=course, is_favorite=wanted)
    message = "Course favorited" if wanted else "Course removed from favorites"
    return {"success": True, "is_favorited": wanted, "message": message}
