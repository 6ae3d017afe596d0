"""Units, which are lessons, for staff's machines  [004 R-CRS-7]: what the editor does, through the same services."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from ninja import Router, Status

from accounts.http import StudentRequest
from api.auth import content_session, staff_session
from api.errors import Refused, error_body, invalid_fields
from api.serializers import ERRORS, RowId, UnitChange, UnitIn, unit_body, unit_line
from api.views.admin_courses import course_of
from catalog.arranging import NoSuchPlace
from catalog.editing import EditConflict, version_of
from catalog.lesson_saving import LessonEdit, MaterialEdit, SlugTaken, change_lesson
from catalog.models import RESERVED_LESSON_SLUGS, Course, Lesson, Module, Transcript
from catalog.outline import add_lesson
from catalog.trash import trash_lesson
from catalog.video_check import Verdict, check_video

router = Router()
NO_MODULE = {"module_id": ["There is no such module in this course."]}
NULLABLE = {"module", "available_after_days"}


def _unit(lesson_id: int) -> Lesson:
    """:raises Refused: 404 for a unit that is not there, or in the trash"""
    kept = Lesson.objects.filter(trashed_at=None, course__trashed_at=None).select_related("course", "module")
    lesson = kept.filter(pk=lesson_id).first()
    if lesson is None:
        raise Refused(HTTPStatus.NOT_FOUND, error_body("not_found", "There is no such unit."))
    return lesson


@router.get("/courses/{slug:slug}/units", auth=staff_session, response={200: dict} | ERRORS)
@router.get("/courses/{slug:slug}/units/", auth=staff_session, response={200: dict} | ERRORS, include_in_schema=False)
def admin_list_units(request: StudentRequest, slug: str) -> dict[str, Any]:
    """The units of a course in reading order, also those students do not see."""
    lessons = Lesson.objects.filter(course=course_of(slug)).kept().in_reading_order()
    return {"units": [unit_line(lesson) for lesson in lessons]}


@router.post("/courses/{slug:slug}/units", auth=content_session, response={201: dict} | ERRORS)
@router.post(
    "/courses/{slug:slug}/units/", auth=content_session, response={201: dict} | ERRORS, include_in_schema=False
)
def admin_add_unit(request: StudentRequest, slug: str, body: UnitIn) -> Status[dict[str, Any]]:
    """Add a unit at the end of its module; students see it when `is_published` says so."""
    course, said = course_of(slug), body.model_dump(exclude_unset=True)
    with transaction.atomic():
        try:
            lesson = add_lesson(
                course=course, module_id=said.pop("module_id", None), title=said["title"], actor=request.user
            )
        except NoSuchPlace:
            raise invalid_fields(NO_MODULE) from None
        if said.keys() - {"title"}:
            lesson = _change(request, _unit(lesson.pk), said)
    return Status(HTTPStatus.CREATED, unit_body(_unit(lesson.pk)))


@router.get("/units/{int:lesson_id}", auth=staff_session, response={200: dict} | ERRORS)
@router.get("/units/{int:lesson_id}/", auth=staff_session, response={200: dict} | ERRORS, include_in_schema=False)
def admin_get_unit(request: StudentRequest, lesson_id: RowId) -> dict[str, Any]:
    """One unit with its content."""
    return unit_body(_unit(lesson_id))


@router.patch("/units/{int:lesson_id}", auth=content_session, response={200: dict} | ERRORS)
@router.patch("/units/{int:lesson_id}/", auth=content_session, response={200: dict} | ERRORS, include_in_schema=False)
def admin_change_unit(request: StudentRequest, lesson_id: RowId, body: UnitChange) -> dict[str, Any]:
    """Change what is named, leave the rest. With `updated_at` only if nobody saved it since."""
    lesson = _unit(lesson_id)
    _change(request, lesson, body.model_dump(exclude_unset=True))
    return unit_body(_unit(lesson.pk))


@router.delete("/units/{int:lesson_id}", auth=content_session, response={204: None} | ERRORS)
@router.delete("/units/{int:lesson_id}/", auth=content_session, response={204: None} | ERRORS, include_in_schema=False)
def admin_delete_unit(request: StudentRequest, lesson_id: RowId) -> Status[None]:
    """Put a unit into the trash; students' progress in it is kept."""
    trash_lesson(lesson=_unit(lesson_id), actor=request.user, now=timezone.now())
    return Status(HTTPStatus.NO_CONTENT, None)


def _change(request: StudentRequest, lesson: Lesson, said: dict[str, Any]) -> Lesson:
    version = said.pop("updated_at", None) or version_of(lesson)
    edit = LessonEdit(_checked(lesson, said), _materials(lesson), spoken=_spoken(lesson))
    try:
        return change_lesson(lesson=lesson, version=version, edit=edit, actor=request.user)
    except EditConflict as refusal:
        raise Refused(HTTPStatus.CONFLICT, error_body("conflict", str(refusal))) from None
    except SlugTaken as refusal:
        raise Refused(HTTPStatus.CONFLICT, error_body("slug_taken", str(refusal))) from None


def _checked(lesson: Lesson, said: dict[str, Any]) -> dict[str, Any]:
    """:raises Refused: 400 with the fields that a unit may not have"""
    if "module_id" in said:
        said["module"] = _module(lesson.course, said.pop("module_id"))
    fields = {name: value for name, value in said.items() if value is not None or name in NULLABLE}
    if fields.get("video_url"):
        check = check_video(fields["video_url"])
        if check.verdict == Verdict.REFUSED:
            raise invalid_fields({"video_url": [check.says]})
        fields["video_url"] = check.address
    slug = fields.get("slug", "")
    if slug in RESERVED_LESSON_SLUGS or slug.isdigit():
        raise invalid_fields({"slug": ["This is no address a unit may have."]})
    _check_row(lesson, fields)
    return fields


def _check_row(lesson: Lesson, fields: dict[str, Any]) -> None:
    wanted = Lesson.objects.get(pk=lesson.pk)
    for name, value in fields.items():
        setattr(wanted, name, value)
    try:
        wanted.full_clean(exclude=["slug"])
    except ValidationError as error:
        raise invalid_fields(error.message_dict) from None


def _module(course: Course, module_id: int | None) -> Module | None:
    """:raises Refused: 400 for a module of another course"""
    module = Module.objects.filter(course=course, pk=module_id).first() if module_id else None
    if module_id and module is None:
        raise invalid_fields(NO_MODULE)
    return module


def _materials(lesson: Lesson) -> list[MaterialEdit]:
    """Those there are: they stay as they are."""
    rows = lesson.materials.order_by("order", "pk")
    return [MaterialEdit(row.kind, row.title, row.pk, row.url) for row in rows]


def _spoken(lesson: Lesson) -> str:
    return Transcript.objects.filter(lesson=lesson).values_list("text", flat=True).first() or ""
