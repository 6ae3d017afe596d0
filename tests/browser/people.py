"""The people of the acceptance checks, each with one course of twelve lessons in their own situation."""

from datetime import timedelta

from django.utils import timezone

from access.models import AccessType
from access.selectors import course_decision
from access.services import enroll, enroll_free, grant_access, revoke_access, suspend
from catalog.models import Course, CourseStatus
from catalog.services import recount_lessons
from progress.services import set_completed
from tests.factories import CourseFactory, LessonFactory, ModuleFactory, StaffFactory, UserFactory

LONG = "A title long enough to wrap on every phone that was ever made, twice"


def paid_course(**fields):
    """Twelve lessons in two modules; the second lesson is a preview, the last has the long title."""
    fields = {"title": "Camera confidence", "slug": "camera", "enrollment_method": "purchase", **fields}
    course = CourseFactory(short_description="Speak to a lens as to a friend.", **fields)
    for number, title in enumerate(("First steps", LONG), start=1):
        module = ModuleFactory(course=course, title=title, order=number)
        for position in range(1, 7):
            index = (number - 1) * 6 + position
            LessonFactory(
                course=course,
                module=module,
                order=position,
                title=LONG if index == 12 else f"Lesson {index}",
                slug=f"lesson-{index}",
                body_html="<h2>Begin</h2><p>Some text to read.</p>",
                is_preview=index == 2,
            )
    recount_lessons(course.pk)
    return Course.objects.get(pk=course.pk)


def person(name, **fields):
    return UserFactory(email=f"{name}@example.com", name=name.title(), **fields)


def buyer(name, course, *, days=None, enrolled=True, must_join=False, started=0):
    """Someone who bought the course `days` ago for 30 days, or for ever, and did the first lessons."""
    user, now = person(name), timezone.now()
    bought = now - timedelta(days=days or 0)
    ends = bought + timedelta(days=30) if days else None
    access = grant_access(
        user=user,
        course=course,
        access_type=AccessType.PURCHASE,
        source_key="order:1",
        now=bought,
        expires_at=ends,
        must_join=must_join,
    )
    if enrolled:
        enroll(user=user, course=course, now=bought)
    for lesson in course.lessons.in_reading_order()[:started]:
        decision = course_decision(user, course, bought)
        set_completed(user=user, lesson=lesson, decision=decision, is_completed=True, now=bought)
    return user, access


def everybody(course):
    """The nine people whose situations exist so far, by name; `anna` is a visitor and has no account."""
    kim, _ = buyer("kim", course, started=7)
    eve, _ = buyer("eve", course, days=40, started=7)
    pia, _ = buyer("pia", course, enrolled=False, must_join=True)
    max_, _ = buyer("max", course, started=12)
    sam, _ = buyer("sam", course, started=1)
    rae, access = buyer("rae", course)
    mia = StaffFactory(email="mia@example.com", name="Mia")
    suspend(user=sam, course=course, actor=mia, reason="abuse", now=timezone.now(), public_note="Please write to us.")
    revoke_access(access=access, now=timezone.now(), reason="refund", actor=mia)
    return {
        "kim": kim,
        "eve": eve,
        "pia": pia,
        "max": max_,
        "sam": sam,
        "rae": rae,
        "mia": mia,
        "stu": person("stu"),
        "fay": person("fay"),
    }


def free_course(**fields):
    return paid_course(**{"title": "Free taster", "slug": "taster", "enrollment_method": "open", **fields})


def newcomer_of(course, name="kit"):
    user = person(name)
    enroll_free(user=user, course=course, now=timezone.now())
    return user


def coming_soon_course():
    return paid_course(title="Next spring", slug="spring", status=CourseStatus.COMING_SOON)
