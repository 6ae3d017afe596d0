"""Raw access for staff until the dashboard exists. Writes go through the same services as everything else."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest

from accounts.models import User
from catalog.models import Category, Course, Lesson, Material, Module, Tag
from catalog.outline import delete_module
from catalog.services import (
    PrerequisiteCycle,
    derive_module,
    recount_lessons,
    refuse_cycle,
    require_first,
    save_course,
    save_lesson,
)
from catalog.uploads import MaterialFileField, PictureField

FIELDS: Any = {
    models.URLField: {"assume_scheme": "https"},  # what an address without a scheme means
    models.ImageField: {"form_class": PictureField},
    models.FileField: {"form_class": MaterialFileField},
}


class ModuleInline(admin.TabularInline[Module, Course]):
    model = Module
    extra = 0
    fields = ("title", "order")


class MaterialInline(admin.TabularInline[Material, Lesson]):
    model = Material
    extra = 0
    formfield_overrides = FIELDS


class KeptInPlace(admin.ModelAdmin[Any]):
    """What goes by the trash alone, where somebody confirms who they are, and the log says it (T83). Its address
    changes in the dashboard alone, which moves the pictures along: another lesson could show what is left (T2).
    """

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("title",)}


class CourseForm(ModelForm[Course]):
    """A course with the courses to complete before it."""

    required_first = ModelMultipleChoiceField(
        Course.objects.kept().order_by("title", "pk"), required=False, label="Courses to complete first"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["required_first"] = self.instance.prerequisites.all()

    def clean_required_first(self) -> Any:
        required = self.cleaned_data["required_first"]
        if self.instance.pk:
            try:
                refuse_cycle(self.instance, required)
            except PrerequisiteCycle as refusal:
                raise ValidationError(str(refusal)) from None
        return required


@admin.register(Course)
class CourseAdmin(KeptInPlace):
    form = CourseForm
    list_display = ("title", "status", "visibility", "enrollment_method", "required_level", "lesson_count")
    list_filter = ("status", "visibility", "enrollment_method")
    search_fields = ("title", "slug")
    inlines = (ModuleInline,)
    formfield_overrides = FIELDS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Course]:
        return super().get_queryset(request).filter(trashed_at=None)

    def save_model(self, request: HttpRequest, obj: Course, form: ModelForm[Course], change: bool) -> None:
        save_course(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        require_first(form.instance, form.cleaned_data["required_first"])
        recount_lessons(form.instance.pk)  # tags are part of what search finds


@admin.register(Module)
class ModuleAdmin(admin.ModelAdmin[Module]):
    list_display = ("title", "course", "order")
    search_fields = ("title",)
    list_select_related = ("course",)

    def save_model(self, request: HttpRequest, obj: Module, form: ModelForm[Module], change: bool) -> None:
        derive_module(obj)
        obj.save()

    def delete_model(self, request: HttpRequest, obj: Module) -> None:
        delete_module(module=obj, actor=cast("User", request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Module]) -> None:
        for module in queryset.select_related("course"):
            self.delete_model(request, module)


@admin.register(Lesson)
class LessonAdmin(KeptInPlace):
    list_display = ("title", "course", "module", "order", "lesson_type", "is_preview", "is_published")
    list_filter = ("lesson_type", "is_preview", "is_published")
    search_fields = ("title", "slug", "course__title")
    list_select_related = ("course", "module")
    inlines = (MaterialInline,)
    formfield_overrides = FIELDS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lesson]:
        return super().get_queryset(request).filter(trashed_at=None, course__trashed_at=None)

    def save_model(self, request: HttpRequest, obj: Lesson, form: ModelForm[Lesson], change: bool) -> None:
        save_lesson(obj)


admin.site.register([Category, Tag])
