"""What waits for staff: things that are missing, about to happen, or were given up."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from access.models import Cohort
from catalog.models import Course, CourseStatus, Lesson, Transcript
from common.models import Job
from dashboard.selectors.students import ENDING, SOON, Wanted, students_found

FEW_SEATS = 2


@dataclass(frozen=True)
class Matters:
    """How many of each; 0 needs nobody."""

    empty_courses: int
    drafts: int
    lessons_without_captions: int
    cohorts_starting: int
    cohorts_nearly_full: int
    students_ending: int
    jobs_given_up: int


def matters_at(now: datetime) -> Matters:
    """Count everything that waits: six queries."""
    today = timezone.localdate(now, timezone.get_default_timezone())
    courses = Course.objects.kept()
    cohorts = Cohort.objects.filter(is_active=True)
    return Matters(
        empty_courses=courses.filter(status=CourseStatus.ACTIVE, lesson_count=0).count(),
        drafts=courses.filter(status=CourseStatus.DRAFT).count(),
        lessons_without_captions=lessons_without_captions().count(),
        cohorts_starting=cohorts.filter(starts_on__range=(today, today + SOON)).count(),
        cohorts_nearly_full=cohorts.filter(nearly_full(today)).count(),
        students_ending=students_found(Wanted(state=ENDING), now).count(),
        jobs_given_up=jobs_given_up().count(),
    )


def lessons_without_captions() -> QuerySet[Lesson]:
    """Published lessons with a video that who cannot hear it cannot follow."""
    captioned = Transcript.objects.filter(lesson=OuterRef("pk")).exclude(captions="")
    lessons = Lesson.objects.published().filter(course__trashed_at=None).exclude(video_url="")
    return lessons.exclude(Exists(captioned))


def nearly_full(today: date) -> Q:
    """At most two seats left, none included, of a cohort that is not over."""
    going_on = Q(ends_on=None) | Q(ends_on__gte=today)
    return going_on & Q(max_participants__lte=F("member_count") + FEW_SEATS)


def jobs_given_up() -> QuerySet[Job]:
    """Background work, mails included, that nothing tries again: someone must look at its error."""
    return Job.objects.filter(finished_at=None).exclude(pk__in=Job.objects.runnable().values("pk"))
