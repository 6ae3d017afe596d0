"""How the school does over a period: trends, how courses do, who is active. Counted at most every five minutes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import structlog
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import StudentRequest
from catalog.models import Course
from common.csv_rows import csv_response
from dashboard.chart_words import Chart, completed_chart, drop_off_chart, funnel_chart, joined_chart
from dashboard.course_table import COLUMNS, cells_of, headings, sort_asked, sorted_lines
from dashboard.forms.reports import PeriodForm, Wanted
from dashboard.gates import staff_only
from dashboard.keeping import Report, kept, kept_of
from dashboard.lists import page_of, query_of
from dashboard.lookups import course_named
from dashboard.selectors.courses_report import CourseLine, course_lines, funnel_of, lesson_lines
from dashboard.selectors.reports import REPORTS
from dashboard.selectors.trends import Learner, Trends, learners_at

TOP = 5

log = structlog.get_logger(__name__)


@require_safe
@staff_only
def index(request: StudentRequest) -> HttpResponse:
    """Everything on one page; the address says the period, the course looked into, and how courses are sorted."""
    now = timezone.now()
    form = PeriodForm(request.GET, now=now)
    wanted = form.wanted()
    trends, courses, learners = _trends(wanted, now), _courses(now), _learners(now)
    top = sorted_lines(courses.found, "joined")[:TOP]
    course = wanted.course or (course_named(top[0].slug) if top else None)
    sort = sort_asked(request)
    context = {
        "form": form,
        "period": trends.found.period,
        "period_query": wanted.query,
        "trends": trends.found,
        "counted_at": min(trends.at, courses.at, learners.at),
        "charts": [joined_chart(trends.found.joined), completed_chart(trends.found.completed)],
        "course": course,
        "course_charts": _course_charts(course, now) if course else [],
        "top": top,
        "learners": learners.found,
        "page": page_of(request, sorted_lines(courses.found, sort)),
        "headings": headings(sort, query_of(request, "sort", *form.unused)),
        "sort": sort,
        "query": query_of(request, *form.unused),
    }
    return render(request, "dashboard/analytics/index.html", context)


@require_safe
@staff_only
def export(request: StudentRequest) -> StreamingHttpResponse:
    """One of the tables as CSV: `?table=` courses, days, learners or lessons."""
    now = timezone.now()
    table = request.GET.get("table", "")
    head, rows = _table(table, PeriodForm(request.GET, now=now), now)
    log.info("analytics_exported", by=request.user.pk, table=table)
    return csv_response(f"{table}-{timezone.localdate(now):%Y-%m-%d}.csv", head, rows)


def _trends(wanted: Wanted, now: datetime) -> Report[Trends]:
    if wanted.is_custom:
        return kept_of(wanted.period, now)
    name = f"trends:{wanted.period.days}"
    return kept(name, REPORTS[name], now)


def _courses(now: datetime) -> Report[list[CourseLine]]:
    return kept("courses", course_lines, now)


def _learners(now: datetime) -> Report[list[Learner]]:
    return kept("learners", learners_at, now)


def _course_charts(course: Course, now: datetime) -> list[Chart]:
    """Where people stop in the course; without lessons there is no such place."""
    steps = kept(f"funnel:{course.pk}", lambda _: funnel_of(course), now).found
    lines = kept(f"lessons:{course.pk}", lambda _: lesson_lines(course), now).found
    return [funnel_chart(course.title, steps), *([drop_off_chart(lines)] if lines else [])]


def _table(name: str, form: PeriodForm, now: datetime) -> tuple[Iterable[str], Iterable[Iterable[Any]]]:
    """The columns and rows of a table.

    :raises Http404: if there is no such table, or none of the days that are asked for
    """
    wanted = form.wanted()
    if name == "courses":
        return COLUMNS, map(cells_of, sorted_lines(_courses(now).found, "joined"))
    if name == "days" and not form.is_period_refused:
        trends = _trends(wanted, now).found
        joined, completed = trends.joined, trends.completed
        means = (round(mean, 2) for mean in joined.means)
        rows = zip(joined.days, joined.counts, means, completed.counts, strict=True)
        return ("Day", "Joined", "Joined, 7-day mean", "Completed"), rows
    if name == "learners":
        learners = _learners(now).found
        return ("Name", "E-mail", "Lessons"), ((one.name, one.email, one.lessons) for one in learners)
    if name == "lessons" and wanted.course:
        lines = lesson_lines(wanted.course)
        return ("Lesson", "Title", "Students"), ((line.number, line.lesson.title, line.students) for line in lines)
    raise Http404
