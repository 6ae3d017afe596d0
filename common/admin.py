"""Jobs for staff to look at. The queue's own pages are closed: they would run any function by name."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django_q.models import Failure, OrmQ, Schedule, Success

from common.jobs import requeue
from common.models import Job

admin.site.unregister([Failure, OrmQ, Schedule, Success])


@admin.register(Job)
class JobAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # subscripting fails at run time
    list_display = ("task", "arguments", "created_at", "finished_at", "attempts", "failures", "error")
    list_filter = (("finished_at", admin.EmptyFieldListFilter),)
    ordering = ("-id",)
    actions = ("queue_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    @admin.action(description="Queue again what is unfinished")
    def queue_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        self.message_user(request, f"{requeue(queryset)} jobs queued.")
