"""The people of the acceptance checks, each with one course of twelve lessons in their own situation."""

from datetime import timedelta

from django.utils import timezone

from access.models import AccessType
from access.selectors import course_decision
from access.services import add_to_cohort, enroll, enroll_free, grant_access, revoke_access, suspend
from catalog.models import Course, CourseStatus
from catalog.services import recount_lessons, require_first
from progress.services import set_completed
from tests.factories import (
    CohortFactory,
    CourseFactory,
    LessonFactory,
    MaterialFactory,
    ModuleFactory,
    StaffFactory,
    TierFactory,
    UserFactory,
)

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
    complete(user, course, started, at=bought)
    return user, access


TIERS = [("free", "Free", None), ("basic", "Basic", 20_000), ("main", "Main", 50_000), ("premium", "Premium", 100_000)]


def tiers():
    """The tiers of the site, which emptying the database after a test takes away."""
    for level, (slug, name, yearly) in enumerate(TIERS):
        monthly = yearly and yearly // 10
        prices = {"price_yearly_minor": yearly, "price_monthly_minor": monthly}
        TierFactory(level=level, slug=slug, name=name, **prices)


def everybody(course):
    """The people whose situations need but one course, by name; `anna` is a visitor and has no account."""
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


def stage_course(before):
    """A course with one to complete first."""
    course = paid_course(title="Camera on stage", slug="stage")
    require_first(course, [before])
    return course


def lee_of(course, before):
    """Lee bought the course and is at lesson 4 of the one before it."""
    lee, _ = buyer("lee", course)
    access = {"access_type": AccessType.PURCHASE, "source_key": "order:2"}
    grant_access(user=lee, course=before, now=timezone.now(), **access)
    enroll(user=lee, course=before, now=timezone.now())
    complete(lee, before, 3)
    return lee


def complete(user, course, count, *, at=None):
    now = at or timezone.now()
    for lesson in course.lessons.in_reading_order()[:count]:
        decision = course_decision(user, course, now)
        set_completed(user=user, lesson=lesson, decision=decision, is_completed=True, now=now)


SECRETS = {"body_html": "<p>zzqbody</p>", "homework_html": "<p>zzqhomework</p>"}


def weekly_course():
    """Lesson 9 and what follows opens 20 days after the cohort began; it holds things that nobody may see before."""
    course = paid_course(title="Week by week", slug="weekly")
    for lesson in course.lessons.in_reading_order()[8:]:
        lesson.available_after_days = 20
        lesson.video_url = "https://media.example.com/zzqvideo.mp4"
        lesson.body_html, lesson.homework_html = SECRETS["body_html"], SECRETS["homework_html"]
        lesson.save()
        MaterialFactory(lesson=lesson, title="zzqmaterial", url="https://example.com/zzqmaterial")
    return course


def dan_of(course):
    """Dan's cohort began ten days ago; he did the first seven lessons."""
    dan, _ = buyer("dan", course, days=10)
    cohort = CohortFactory(name="March group", starts_on=timezone.localdate() - timedelta(days=10))
    cohort.courses.add(course)
    add_to_cohort(user=dan, cohort=cohort, now=timezone.now())
    complete(dan, course, 7)
    return dan


def coh_of(course):
    """Coh got the course from a cohort that begins in twelve days."""
    coh = person("coh")
    cohort = CohortFactory(name="Spring group", grants_access=True, starts_on=timezone.localdate() + timedelta(days=12))
    cohort.courses.add(course)
    add_to_cohort(user=coh, cohort=cohort, now=timezone.now())
    return coh


def whole_cast():
    """Everybody of the checks, as name: (person, the slug of their course)."""
    tiers()
    camera = paid_course()
    cast = {name: (user, "camera") for name, user in everybody(camera).items()}
    free_course()
    cast["fay"] = (cast["fay"][0], "taster")
    cast["lee"] = (lee_of(stage_course(camera), camera), "stage")
    cast["dan"] = (dan_of(weekly_course()), "weekly")
    cast["coh"] = (coh_of(paid_course(title="Together", slug="together")), "together")
    return cast
