"""Courses for staff's machines  [004 R-CRS-7]: what the dashboard does, through the same services."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from ninja import Router, Status

from accounts.http import StudentRequest
from api.auth import content_session, staff_session
from api.errors import Refused, error_body, invalid_fields
from api.serializers import ERRORS, CourseChange, CourseIn, course_body
from catalog.course_saving import CourseEdit, SlugTaken, add_course, change_course
from catalog.editing import EditConflict, version_of
from catalog.models import RESERVED_COURSE_SLUGS, Course
from catalog.tagging import tag_slug
from catalog.trash import trash_course
from catalog.video_address import read_address

router = Router()
SLUG_LENGTH = 100


def course_of(slug: str) -> Course:
    """:raises Refused: 404 for a course that is not there, or in the trash"""
    course = Course.objects.filter(slug=slug, trashed_at=None).prefetch_related("tags").first()
    if course is None:
        raise Refused(HTTPStatus.NOT_FOUND, error_body("not_found", "There is no such course."))
    return course


@router.get("/courses", auth=staff_session, response={200: dict} | ERRORS)
@router.get("/courses/", auth=staff_session, response={200: dict} | ERRORS, include_in_schema=False)
def admin_list_courses(request: StudentRequest) -> dict[str, Any]:
    """Every course that is not in the trash, drafts too; newest first."""
    courses = Course.objects.filter(trashed_at=None).prefetch_related("tags").order_by("-created_at", "-pk")
    return {"courses": [course_body(course) for course in courses]}


@router.post("/courses", auth=content_session, response={201: dict} | ERRORS)
@router.post("/courses/", auth=content_session, response={201: dict} | ERRORS, include_in_schema=False)
def admin_add_course(request: StudentRequest, body: CourseIn) -> Status[dict[str, Any]]:
    """Make a course: a draft, unless the body says otherwise. Without a slug it is made from the title."""
    said = body.model_dump(exclude_unset=True)
    title = said["title"]
    slug = _free_of_ours(said.pop("slug", None) or slugify(title)[:SLUG_LENGTH].strip("-_"))
    with transaction.atomic():
        try:
            course = add_course(title=title, slug=slug, actor=request.user)
        except SlugTaken as refusal:
            raise Refused(HTTPStatus.CONFLICT, error_body("slug_taken", str(refusal))) from None
        if said.keys() - {"title"}:
            _change(request, course, said)
    return Status(HTTPStatus.CREATED, course_body(course_of(slug)))


@router.get("/courses/{slug:slug}", auth=staff_session, response={200: dict} | ERRORS)
@router.get("/courses/{slug:slug}/", auth=staff_session, response={200: dict} | ERRORS, include_in_schema=False)
def admin_get_course(request: StudentRequest, slug: str) -> dict[str, Any]:
    """One course as staff see it."""
    return course_body(course_of(slug))


@router.patch("/courses/{slug:slug}", auth=content_session, response={200: dict} | ERRORS)
@router.patch("/courses/{slug:slug}/", auth=content_session, response={200: dict} | ERRORS, include_in_schema=False)
def admin_change_course(request: StudentRequest, slug: str, body: CourseChange) -> dict[str, Any]:
    """Change what is named, leave the rest. With `updated_at` only if nobody saved it since."""
    course, said = course_of(slug), body.model_dump(exclude_unset=True)
    if "slug" in said:
        said["slug"] = _free_of_ours(said["slug"])
    return course_body(course_of(_change(request, course, said).slug))


@router.delete("/courses/{slug:slug}", auth=content_session, response={204: None} | ERRORS)
@router.delete("/courses/{slug:slug}/", auth=content_session, response={204: None} | ERRORS, include_in_schema=False)
def admin_delete_course(request: StudentRequest, slug: str) -> Status[None]:
    """Put a course into the trash, where it stays restorable for 30 days."""
    trash_course(course=course_of(slug), actor=request.user, now=timezone.now())
    return Status(HTTPStatus.NO_CONTENT, None)


def _free_of_ours(slug: str) -> str:
    """:raises Refused: for no address at all, and for one of the site's own"""
    if not slug or slug in RESERVED_COURSE_SLUGS:
        raise invalid_fields({"slug": ["This is no address a course may have."]})
    return slug


def _change(request: StudentRequest, course: Course, said: dict[str, Any]) -> Course:
    version = said.pop("updated_at", None) or version_of(course)
    tags = said.pop("tags", None)
    slugs = [tag.slug for tag in course.tags.all()] if tags is None else [s for word in tags if (s := tag_slug(word))]
    edit = CourseEdit(_checked(course, said), slugs, list(course.prerequisites.all()))
    try:
        return change_course(course=course, version=version, edit=edit, actor=request.user)
    except EditConflict as refusal:
        raise Refused(HTTPStatus.CONFLICT, error_body("conflict", str(refusal))) from None
    except SlugTaken as refusal:
        raise Refused(HTTPStatus.CONFLICT, error_body("slug_taken", str(refusal))) from None


def _checked(course: Course, said: dict[str, Any]) -> dict[str, Any]:
    """:raises Refused: 400 with the fields that a course may not have, alone or together"""
    fields = {name: value for name, value in said.items() if value is not None}
    address = fields.get("discussion_url")
    if address and ((found := read_address(address)) is None or not found.host):
        raise invalid_fields({"discussion_url": ["Write a web address."]})
    wanted = Course.objects.get(pk=course.pk)
    for name, value in fields.items():
        setattr(wanted, name, value)
    try:
        wanted.full_clean(exclude=["slug"])
    except ValidationError as error:
        raise invalid_fields(error.message_dict) from None
    return fields
