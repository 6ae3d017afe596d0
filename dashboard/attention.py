"""What waits for staff, in sentences that lead to where it is done."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from dashboard.selectors.attention import Matters


@dataclass(frozen=True)
class Notice:
    """One matter: a sentence and its list; `kind` and `icon` are those of a badge, `word` says the kind."""

    text: str
    address: str
    kind: str = "info"
    icon: str = "clock"
    word: str = "To do"


def attention_of(matters: Matters, user: User) -> list[Notice]:
    """Those that somebody has to look at, what broke first. Failed work is for who may see it."""
    jobs = matters.jobs_given_up if user.has_perm("common.view_job") else 0
    found = [
        (jobs, _broken(jobs)),
        (matters.empty_courses, _empty(matters.empty_courses)),
        (matters.students_ending, _ending(matters.students_ending)),
        (matters.cohorts_starting, _starting(matters.cohorts_starting)),
        (matters.cohorts_nearly_full, _full(matters.cohorts_nearly_full)),
        (matters.lessons_without_captions, _captions(matters.lessons_without_captions)),
        (matters.drafts, _drafts(matters.drafts)),
    ]
    return [notice for count, notice in found if count]


def _broken(count: int) -> Notice:
    text = f"{_number(count, 'background job was', 'background jobs were')} given up, mails among them"
    address = f"{reverse('admin:common_job_changelist')}?finished_at__isempty=1"
    return Notice(text, address, "bad", "x", "Broken")


def _empty(count: int) -> Notice:
    text = f"{_number(count, 'active course has', 'active courses have')} no published lesson"
    return Notice(text, f"{reverse('dashboard:course_list')}?status=active", "warn", "warning", "Missing")


def _ending(count: int) -> Notice:
    text = f"{_number(count, 'student has', 'students have')} access that ends within 7 days"
    return Notice(text, f"{reverse('dashboard:student_list')}?state=ending", "warn", "clock", "Soon")


def _starting(count: int) -> Notice:
    text = f"{_number(count, 'cohort starts', 'cohorts start')} within 7 days"
    return Notice(text, reverse("dashboard:cohort_list"), "info", "calendar", "Soon")


def _full(count: int) -> Notice:
    text = f"{_number(count, 'cohort has', 'cohorts have')} at most 2 seats left"
    return Notice(text, reverse("dashboard:cohort_list"), "warn", "users", "Soon")


def _captions(count: int) -> Notice:
    text = f"{_number(count, 'published lesson has a video', 'published lessons have a video')} without captions"
    address = reverse("dashboard:lesson_list") + "?missing=captions&state=published"
    return Notice(text, address, "warn", "captions", "Missing")


def _drafts(count: int) -> Notice:
    text = f"{_number(count, 'course waits as a draft', 'courses wait as drafts')}"
    return Notice(text, f"{reverse('dashboard:course_list')}?status=draft", "neutral", "pencil")


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
