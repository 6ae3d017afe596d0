"""The builder: the outline of a course, and its modules. What is done to a lesson of it is in `outline_lessons`."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StudentRequest
from catalog.arranging import Moved, OutlineChanged, arrangement_of, move_module, step_module
from catalog.models import Module
from catalog.outline import add_module, change_module, delete_module
from dashboard.changing import posted
from dashboard.forms.outline import FARTHEST, ModuleForm, ModulePlaceForm
from dashboard.gates import edits_content, staff_only
from dashboard.outline_pages import conflict_page, course_to_build, form_page, module_to_build, outline_page, tell
from dashboard.outlining import outline_address, tell_module_deleted, tell_module_moved


@require_safe
@staff_only
def course_outline(request: StudentRequest, slug: str) -> HttpResponse:
    """The modules and lessons of a course, in reading order."""
    return outline_page(request, course_to_build(slug))


@require_http_methods(["GET", "POST"])
@edits_content
def outline_module_add(request: StudentRequest, slug: str) -> HttpResponse:
    """Add a module at the end."""
    course, form = course_to_build(slug), ModuleForm(posted(request))
    if not form.is_valid():
        return form_page(request, course, form, "Add a module", "Add module")
    module = add_module(course=course, actor=request.user, **form.cleaned_data)
    tell(request, f"{module} is added at the end.")
    return redirect(outline_address(course, f"module-{module.pk}"))


@require_http_methods(["GET", "POST"])
@edits_content
def outline_module_change(request: StudentRequest, slug: str, module_id: int) -> HttpResponse:
    """Rename a module, and say what it is about."""
    module = module_to_build(slug, module_id)
    form = ModuleForm(posted(request), initial={"title": module.title, "description": module.description})
    if not form.is_valid():
        return form_page(request, module.course, form, f"Rename {module}", "Save")
    change_module(module=module, actor=request.user, **form.cleaned_data)
    tell(request, f"{module} is saved.")
    return redirect(outline_address(module.course, f"module-{module.pk}"))


@require_POST
@edits_content
def outline_module_up(request: StudentRequest, slug: str, module_id: int) -> HttpResponse:
    return _step(request, module_to_build(slug, module_id), -1)


@require_POST
@edits_content
def outline_module_down(request: StudentRequest, slug: str, module_id: int) -> HttpResponse:
    return _step(request, module_to_build(slug, module_id), 1)


def _step(request: StudentRequest, module: Module, by: int) -> HttpResponse:
    version = request.POST.get("version", "")
    try:
        moved = step_module(module=module, by=by, version=version, actor=request.user)
    except OutlineChanged:
        return conflict_page(request, module.course, f"Move {module} {'up' if by < 0 else 'down'}")
    return _moved(request, module, moved)


@require_http_methods(["GET", "POST"])
@edits_content
def outline_module_move(request: StudentRequest, slug: str, module_id: int) -> HttpResponse:
    """Put a module at a position."""
    module = module_to_build(slug, module_id)
    form = ModulePlaceForm(posted(request), initial={"version": arrangement_of(module.course).version})
    if not form.is_valid():
        return form_page(request, module.course, form, f"Move {module}", "Move module")
    position, version = form.cleaned_data["position"] or FARTHEST, form.cleaned_data["version"]
    try:
        moved = move_module(module=module, position=position, version=version, actor=request.user)
    except OutlineChanged:
        return conflict_page(request, module.course, f"Move {module} to position {position}")
    return _moved(request, module, moved)


def _moved(request: StudentRequest, module: Module, moved: Moved) -> HttpResponse:
    if moved.is_elsewhere:
        tell_module_moved(request, module, moved, timezone.now())
    else:
        messages.info(request, f"{module} is at position {moved.after.position} of {moved.count} already.")
    return redirect(outline_address(module.course, f"module-{module.pk}"))


@require_http_methods(["GET", "POST"])
@edits_content
def outline_module_delete(request: StudentRequest, slug: str, module_id: int) -> HttpResponse:
    """Delete a module at once, its lessons stay; opened by GET it asks first."""
    module = module_to_build(slug, module_id)
    if request.method == "GET":
        says = ("Its lessons stay, in the same order: at the end of the module before it.", "Undo brings it back.")
        return form_page(request, module.course, Form(), f"Delete {module}", "Delete module", takes=True, says=says)
    try:
        gone = delete_module(module=module, actor=request.user)
    except OutlineChanged:
        return conflict_page(request, module.course, f"Delete {module}")
    tell_module_deleted(request, module.course, gone, timezone.now())
    return redirect(outline_address(module.course))
