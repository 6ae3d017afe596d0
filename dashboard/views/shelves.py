"""Categories and tags: the lists, and a page for each change."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.db.models import Count, Q
from django.forms import Form
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import StudentRequest
from catalog.models import Category, Tag
from catalog.shelving import (
    NameTaken,
    add_category,
    add_tag,
    change_category,
    delete_category,
    delete_tag,
    move_category,
    rename_tag,
)
from dashboard.changing import posted
from dashboard.forms.shelves import CategoryForm, TagForm
from dashboard.gates import edits_content, may_edit_content, staff_only
from dashboard.lists import page_of, query_of

STEPS = {"up": -1, "down": 1}
COURSES = Count("courses", filter=Q(courses__trashed_at=None))


@dataclass(frozen=True)
class Page:
    """A form of its own page: what it says, where its list is, and what is done."""

    title: str
    button: str
    form: Form
    back: str
    apply: Callable[[], str]
    says: str = ""
    takes: bool = False


def _answer(request: StudentRequest, page: Page) -> HttpResponse:
    """Show the form, or do what it says; a name that is taken stands at its field."""
    if request.method == "POST" and page.form.is_valid():
        try:
            told = page.apply()
        except NameTaken as refusal:
            page.form.add_error("slug", str(refusal))
        else:
            messages.success(request, told)
            return redirect(page.back)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if page.form.is_bound else HTTPStatus.OK
    return render(request, "dashboard/shelves/change.html", {"change": page, "form": page.form}, status=status)


def _courses(count: int) -> str:
    return "No course has it." if not count else f"{count} course{'' if count == 1 else 's'} will lose it."


@require_safe
@staff_only
def category_list(request: StudentRequest) -> HttpResponse:
    """The categories in their order."""
    categories = Category.objects.annotate(course_count=COURSES).order_by("order", "name", "pk")
    context = {"categories": list(categories), "can_change": may_edit_content(request.user)}
    return render(request, "dashboard/shelves/categories.html", context)


@require_http_methods(["GET", "POST"])
@edits_content
def category_add(request: StudentRequest) -> HttpResponse:
    """Add a category at the end."""
    form = CategoryForm(posted(request))

    def apply() -> str:
        return f"{add_category(actor=request.user, **form.cleaned_data)} is added at the end."

    return _answer(request, Page("Add a category", "Add category", form, reverse("dashboard:category_list"), apply))


@require_http_methods(["GET", "POST"])
@edits_content
def category_edit(request: StudentRequest, category_id: int) -> HttpResponse:
    """Give a category another name or address."""
    category = get_object_or_404(Category, pk=category_id)
    form = CategoryForm(posted(request), initial={"name": category.name, "slug": category.slug})

    def apply() -> str:
        change_category(category=category, actor=request.user, **form.cleaned_data)
        return f"{category} is saved."

    return _answer(request, Page(f"Rename {category}", "Save", form, reverse("dashboard:category_list"), apply))


@require_http_methods(["GET", "POST"])
@edits_content
def category_delete(request: StudentRequest, category_id: int) -> HttpResponse:
    """Take a category away."""
    category = get_object_or_404(Category, pk=category_id)

    def apply() -> str:
        delete_category(category=category, actor=request.user)
        return f"{category} is deleted."

    title, says = f"Delete the category {category}", f"{_courses(category.courses.count())} The courses stay."
    back = reverse("dashboard:category_list")
    return _answer(request, Page(title, "Delete category", Form(posted(request)), back, apply, says, takes=True))


@require_POST
@edits_content
def category_move(request: StudentRequest, category_id: int) -> HttpResponse:
    """Move a category one place."""
    category = get_object_or_404(Category, pk=category_id)
    step = STEPS.get(request.POST.get("to", ""))
    if step is None:
        return HttpResponseBadRequest("A category moves up or down.")
    move_category(category=category, step=step, actor=request.user)
    return redirect(reverse("dashboard:category_list") + f"#category-{category.pk}")


@require_safe
@staff_only
def tag_list(request: StudentRequest) -> HttpResponse:
    """The tags by name, fifty at a time."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    tags = Tag.objects.filter(slug__icontains=words).annotate(course_count=COURSES).order_by("slug")
    page = page_of(request, tags)
    context = {"page": page, "words": words, "query": query_of(request), "can_change": may_edit_content(request.user)}
    return render(request, "dashboard/shelves/tags.html", context)


@require_http_methods(["GET", "POST"])
@edits_content
def tag_add(request: StudentRequest) -> HttpResponse:
    """Make a tag before any course has it."""
    form = TagForm(posted(request))

    def apply() -> str:
        return f"The tag {add_tag(actor=request.user, **form.cleaned_data)} is added."

    return _answer(request, Page("Add a tag", "Add tag", form, reverse("dashboard:tag_list"), apply))


@require_http_methods(["GET", "POST"])
@edits_content
def tag_edit(request: StudentRequest, tag_id: int) -> HttpResponse:
    """Give a tag another name."""
    tag = get_object_or_404(Tag, pk=tag_id)
    form = TagForm(posted(request), initial={"slug": tag.slug})

    def apply() -> str:
        rename_tag(tag=tag, actor=request.user, **form.cleaned_data)
        return f"The tag is {tag} now."

    return _answer(request, Page(f"Rename the tag {tag}", "Save", form, reverse("dashboard:tag_list"), apply))


@require_http_methods(["GET", "POST"])
@edits_content
def tag_delete(request: StudentRequest, tag_id: int) -> HttpResponse:
    """Take a tag away."""
    tag = get_object_or_404(Tag, pk=tag_id)

    def apply() -> str:
        delete_tag(tag=tag, actor=request.user)
        return f"The tag {tag} is deleted."

    title, says = f"Delete the tag {tag}", f"{_courses(tag.courses.count())} The courses stay."
    back = reverse("dashboard:tag_list")
    return _answer(request, Page(title, "Delete tag", Form(posted(request)), back, apply, says, takes=True))
