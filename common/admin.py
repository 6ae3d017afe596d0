"""What is only shown in Django's admin; and jobs for staff to look at.

The queue's own pages are closed: they would run any function by name.
"""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django_q.models import Failure, OrmQ, Schedule, Success

from common.jobs import requeue
from common.models import Job

admin.site.unregister([Failure, OrmQ, Schedule, Success])


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg] # subscripting fails at run time
    """Shown, never added, edited or deleted: the dashboard's forms and the services do that."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}  # noqa: RUF012 - as Django's admin wants it

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Job)
class JobAdmin(ReadOnly):
    list_display = ("task", "arguments", "created_at", "finished_at", "attempts", "failures", "error")
    list_filter = (("finished_at", admin.EmptyFieldListFilter),)
    ordering = ("-id",)
    actions = ("queue_again",)

    @admin.action(description="Queue again what is unfinished")
    def queue_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        self.message_user(request, f"{requeue(queryset)} jobs queued.")
