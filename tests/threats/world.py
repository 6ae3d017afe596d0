"""One course in which every protected field carries a mark of its own, and one person for each way to stand to it."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from access.services import add_to_cohort
from catalog.services import require_first, save_course, save_lesson, save_transcript
from tests import factories as make
from tests.conftest import client_of

ROLES = (
    "anonymous", "none", "active", "tier", "low_tier", "expired", "revoked", "suspended", "locked", "pending",
    "must_join", "member", "upcoming", "unprepared", "dripped", "staff",
)  # fmt: skip
# "member" is in a cohort that runs and gives the course, "upcoming" in one that has not started, "dripped" in one that
# has just started; "unprepared" has not completed the course before this one.
HOLDERS = ("active", "tier", "member", "staff")
ENROLLED = ("active", "expired", "revoked", "suspended", "locked", "member", "unprepared", "dripped")
DRIP_DAYS = 3
# What hangs on the course and its closed lesson. A mark in a response says which field it came from.
CLOSED = (
    "body", "homework", "videoid", "transcript", "cue", "materialtitle", "materialurl", "materialfile", "filename",
    "meeting", "timestamp", "discussion", "picturename", "picturefile",
)  # fmt: skip
UNKNOWN = ("unpublished", "unpublishedbody", "draft", "draftlesson", "private", "privatelesson")
OF_THE_COURSE = ("discussion",)  # what an open course shows beside its closed lesson
PUBLIC = ("coursetitle", "lessontitle", "previewbody")  # a lock page shows takeaways too


def mark(name):
    """A word that no page has by itself; letters only, so that Markdown, HTML and addresses leave it alone."""
    return f"zzq{name}qzz"


PICTURE = f"/courses/guarded/closed/pictures/{mark('picturename')}.png"
STORED_PICTURE = f"lessons/guarded/closed/{mark('picturename')}.png"


@dataclass
class World:
    course: object
    lesson: object
    preview: object
    material: object
    before: object
    people: dict = field(default_factory=dict)
    cookies: dict = field(default_factory=dict)


def build():
    """Make the course, its neighbours that nobody may know of, and the people."""
    course = save_course(
        make.CourseFactory.build(
            title=mark("coursetitle"),
            slug="guarded",
            enrollment_method="purchase",
            required_level=2,
            discussion_url=f"https://example.com/{mark('discussion')}",
        )
    )
    lesson = save_lesson(closed_lesson(course, make.ModuleFactory(course=course, title="One")))
    hang_on(lesson)
    preview = make.LessonFactory.build(course=course, slug="preview", is_preview=True, body=mark("previewbody"))
    world = World(course, lesson, save_lesson(preview), add_file(lesson), course_before(course))
    hide_things(course)
    world.people = {role: person(role, course, world.before) for role in ROLES if role != "anonymous"}
    world.cookies = {role: client_of(user).cookies for role, user in world.people.items()}
    return world


def course_before(course):
    """The course to complete first; all who ever had the guarded one have, but for one."""
    before = save_course(make.CourseFactory.build(slug="before", title="The course before"))
    save_lesson(make.LessonFactory.build(course=before, slug="first"))
    require_first(course, [before])
    return before


def closed_lesson(course, module):
    return make.LessonFactory.build(
        course=course,
        module=module,
        title=mark("lessontitle"),
        slug="closed",
        lesson_type="live",
        body=f"{mark('body')}\n\n![]({PICTURE})",
        homework=mark("homework"),
        video_url=f"https://media.example.com/{mark('videoid')}.mp4",
        video_duration_seconds=100,
        meeting_url=f"https://example.com/{mark('meeting')}",
        live_starts_at=timezone.now() + timedelta(minutes=5),
        available_after_days=DRIP_DAYS,
        key_takeaways=[mark("takeaway")],
        timestamps=[{"time_seconds": 1, "label": mark("timestamp")}],
    )


def hang_on(lesson):
    captions = f"WEBVTT\n\n00:00.000 --> 00:02.000\n{mark('cue')}\n"
    save_transcript(lesson, captions=captions)
    spoken = save_lesson(
        make.LessonFactory.build(
            course=lesson.course, module=lesson.module, slug="spoken", order=10**6, available_after_days=DRIP_DAYS
        )
    )
    save_transcript(spoken, text=mark("transcript"))
    make.MaterialFactory(lesson=lesson, title=mark("materialtitle"), url=f"https://example.com/{mark('materialurl')}")


def add_file(lesson):
    default_storage.save(STORED_PICTURE, ContentFile(mark("picturefile").encode()))
    content = ContentFile(mark("materialfile").encode(), name=f"{mark('filename')}.txt")
    return make.MaterialFactory(lesson=lesson, url="", file=content, title="A file")


def hide_things(course):
    """What no student may know of: an unpublished lesson, a draft course, a private course."""
    hidden = {"slug": "hidden", "is_published": False, "title": mark("unpublished"), "body": mark("unpublishedbody")}
    save_lesson(make.LessonFactory.build(course=course, **hidden))
    for name, fields in (("draft", {"status": "draft"}), ("private", {"visibility": "private"})):
        other = save_course(
            make.CourseFactory.build(slug=name, title=mark(name), short_description=mark(name), **fields)
        )
        title = mark(f"{name}lesson")
        save_lesson(make.LessonFactory.build(course=other, slug="closed", title=title, body=title, is_preview=True))


RIGHTS = {
    "active": {},
    "expired": {"status": "expired"},
    "revoked": {"status": "revoked", "revoked_at": make.NOW, "revocation_reason": "Refund"},
    "suspended": {},
    "locked": {"status": "locked"},
    "pending": {"status": "pending", "starts_at": None},
    "must_join": {"must_join": True},
    "unprepared": {},
}
TIERS = {"tier": 3, "low_tier": 1}
# How long ago the cohort of each began, in days.
BEGAN = {"member": 30, "upcoming": -5, "dripped": 0}


def person(role, course, before):
    if role == "staff":
        return make.StaffFactory(email="staff@roles.example", is_superuser=True)
    user = make.UserFactory(email=f"{role}@roles.example")
    if role in RIGHTS:
        make.CourseAccessFactory(user=user, course=course, **RIGHTS[role])
    if role in TIERS:
        make.CourseAccessFactory(user=user, course=None, tier_level=TIERS[role], access_type="subscription")
    if role in BEGAN:
        put_into_cohort(user, role, course)
    if role in ENROLLED:
        make.CourseEnrollmentFactory(user=user, course=course)
    if role not in {"none", "unprepared"}:
        make.CourseEnrollmentFactory(user=user, course=before, completed_at=make.NOW)
    if role == "suspended":
        make.SuspensionFactory(user=user, course=course)
    return user


def put_into_cohort(user, role, course):
    """Into a cohort of their own, by the hand of staff."""
    began = timezone.localdate() - timedelta(days=BEGAN[role])
    cohort = make.CohortFactory(name=f"Cohort of {role}", grants_access=True, starts_on=began)
    cohort.courses.add(course)
    add_to_cohort(user=user, cohort=cohort, now=timezone.now())
