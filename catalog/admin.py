"""What is taught, in Django's admin: every row to look at. The dashboard changes it, keeping the log and the trash."""

from django.contrib import admin

from catalog.models import Category, Course, Lesson, Module, Tag
from common.admin import ReadOnly


@admin.register(Course)
class CourseAdmin(ReadOnly):
    list_display = (
        "title",
        "status",
        "visibility",
        "enrollment_method",
        "required_level",
        "lesson_count",
        "trashed_at",
    )
    list_filter = ("status", "visibility", "enrollment_method")
    search_fields = ("title", "slug")


@admin.register(Module)
class ModuleAdmin(ReadOnly):
    list_display = ("title", "course", "order")
    list_select_related = ("course",)
    search_fields = ("title",)


@admin.register(Lesson)
class LessonAdmin(ReadOnly):
    list_display = ("title", "course", "module", "order", "lesson_type", "is_preview", "is_published", "trashed_at")
    list_filter = ("lesson_type", "is_preview", "is_published")
    list_select_related = ("course", "module")
    search_fields = ("title", "slug", "course__title")


admin.site.register([Category, Tag], ReadOnly)
