"""Modules for staff's machines  [004 R-CRS-7]: what the builder does, through the same services."""

from http import HTTPStatus
from typing import Any

from ninja import Router, Status

from accounts.http import StudentRequest
from api.auth import content_session, staff_session
from api.errors import Refused, error_body
from api.serializers import ERRORS, ModuleChange, ModuleIn, RowId, module_body, unit_line
from api.views.admin_courses import course_of
from catalog.arranging import OutlineChanged
from catalog.models import Lesson, Module
from catalog.outline import add_module, change_module, delete_module

router = Router()


def _module(module_id: int) -> Module:
    """:raises Refused: 404 for a module that is not there, or whose course is in the trash"""
    module = Module.objects.filter(pk=module_id, course__trashed_at=None).select_related("course").first()
    if module is None:
        raise Refused(HTTPStatus.NOT_FOUND, error_body("not_found", "There is no such module."))
    return module


@router.get("/courses/{slug:slug}/modules", auth=staff_session, response={200: dict} | ERRORS)
@router.get("/courses/{slug:slug}/modules/", auth=staff_session, response={200: dict} | ERRORS, include_in_schema=False)
def admin_list_modules(request: StudentRequest, slug: str) -> dict[str, Any]:
    """The modules of a course in their order."""
    modules = Module.objects.filter(course=course_of(slug)).order_by("order", "pk")
    return {"modules": [module_body(module) for module in modules]}


@router.post("/courses/{slug:slug}/modules", auth=content_session, response={201: dict} | ERRORS)
@router.post(
    "/courses/{slug:slug}/modules/", auth=content_session, response={201: dict} | ERRORS, include_in_schema=False
)
def admin_add_module(request: StudentRequest, slug: str, body: ModuleIn) -> Status[dict[str, Any]]:
    """Add a module at the end."""
    course, description = course_of(slug), body.description or ""
    module = add_module(course=course, title=body.title, description=description, actor=request.user)
    return Status(HTTPStatus.CREATED, module_body(_module(module.pk)))


@router.get("/modules/{int:module_id}", auth=staff_session, response={200: dict} | ERRORS)
@router.get("/modules/{int:module_id}/", auth=staff_session, response={200: dict} | ERRORS, include_in_schema=False)
def admin_get_module(request: StudentRequest, module_id: RowId) -> dict[str, Any]:
    """One module with its units."""
    module = _module(module_id)
    lessons = Lesson.objects.filter(module=module, trashed_at=None).order_by("order", "pk")
    return module_body(module) | {"units": [unit_line(lesson) for lesson in lessons]}


@router.patch("/modules/{int:module_id}", auth=content_session, response={200: dict} | ERRORS)
@router.patch("/modules/{int:module_id}/", auth=content_session, response={200: dict} | ERRORS, include_in_schema=False)
def admin_change_module(request: StudentRequest, module_id: RowId, body: ModuleChange) -> dict[str, Any]:
    """Change what is named, leave the rest."""
    module = _module(module_id)
    title = module.title if body.title is None else body.title
    description = module.description if body.description is None else body.description
    return module_body(change_module(module=module, title=title, description=description, actor=request.user))


@router.delete("/modules/{int:module_id}", auth=content_session, response={204: None} | ERRORS)
@router.delete(
    "/modules/{int:module_id}/", auth=content_session, response={204: None} | ERRORS, include_in_schema=False
)
def admin_delete_module(request: StudentRequest, module_id: RowId) -> Status[None]:
    """Delete a module; its units stay, at the end of the module before it, or without one."""
    try:
        delete_module(module=_module(module_id), actor=request.user)
    except OutlineChanged:
        raise Refused(HTTPStatus.NOT_FOUND, error_body("not_found", "There is no such module.")) from None
    return Status(HTTPStatus.NO_CONTENT, None)
