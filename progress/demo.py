"""The demo: courses from folders, an admin, and students in the middle of learning."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction

from access.selectors import lesson_decision
from access.services import enroll, enroll_free
from accounts.models import User
from catalog.folders.importing import import_folder
from catalog.models import Course, Lesson
from progress import demo_groups as groups
from progress.services import WatchReport, record_watching, set_completed

ADMIN_EMAIL = "admin@example.com"
MAIN_COURSE = "virtual-rockstar"
BOUGHT_COURSE = "python-for-spreadsheet-people"
MEMBERS_COURSE = "calm-inbox"
LAST_COURSE = "video-players"


@dataclass(frozen=True)
class DemoAccount:
    """Somebody to log in as, and what there is to see."""

    email: str
    name: str
    story: str
    role: str = ""  # of staff: the name of a group that `ensure_roles` makes


ACCOUNTS = (
    DemoAccount(ADMIN_EMAIL, "Ada Admin", "an owner, the dashboard at /dashboard/, Django's admin at /django-admin/"),
    DemoAccount("sam@example.com", "Sam Student", "in the middle of Virtual Rockstar, on a path, a member"),
    DemoAccount("mia@example.com", "Mia Meyer", "finished Virtual Rockstar, bought a bundle"),
    DemoAccount("eve@example.com", "Eve Endler", "her access to the Python course has ended"),
    DemoAccount("noah@example.com", "Noah Newcomer", "has just signed up"),
    DemoAccount("editor@example.com", "Edda Editor", "staff who change courses and lessons", "Content editor"),
    DemoAccount("support@example.com", "Sue Support", "staff who change what students may open", "Support"),
    DemoAccount("reader@example.com", "Rae Reader", "staff who only look", "Read-only"),
)


def is_seeded() -> bool:
    return User.objects.filter(email=ADMIN_EMAIL).exists()


def import_demo_courses(directory: Path) -> list[str]:
    """Import every course folder in `directory`, or bring it up to date; return a line for each.

    :raises BadFolder: if a folder is wrong
    """
    lines = []
    for folder in sorted(path.parent for path in directory.glob("*/course.md")):
        slug, report = import_folder(folder)
        lines.append(f"/courses/{slug}/: {report.summary()}")
    return lines


@transaction.atomic
def seed_demo(directory: Path, *, password: str, now: datetime) -> list[str]:
    """Load the demo courses and make the accounts; return a line for each course.

    :raises BadFolder: if a folder is wrong; nothing is saved then
    """
    lines = import_demo_courses(directory)
    _, sam, mia, eve, *_ = (_make_user(account, password) for account in ACCOUNTS)
    slugs = (MAIN_COURSE, BOUGHT_COURSE, MEMBERS_COURSE, LAST_COURSE)
    main, bought, members, last = (Course.objects.get(slug=slug) for slug in slugs)
    enroll_free(user=sam, course=main, now=now - timedelta(days=12))
    _complete(sam, _lessons(main)[:5], start=now - timedelta(days=12))
    _watch_a_little(sam, _lessons(main)[5:], now=now - timedelta(hours=3))
    enroll_free(user=mia, course=main, now=now - timedelta(days=40))
    _complete(mia, _lessons(main), start=now - timedelta(days=40))
    groups.open_a_cohort(main, mia, now=now)
    groups.lay_a_path([main, last], sam, now=now)
    groups.give_a_membership(sam, members, now=now)
    groups.sell_a_bundle([bought, members], mia, now=now - timedelta(days=5))
    enroll(user=mia, course=bought, now=now - timedelta(days=5))
    _complete(mia, _lessons(bought)[:2], start=now - timedelta(days=5))
    groups.let_access_end(eve, bought, now=now)
    _complete(eve, _lessons(bought)[:4], start=now - timedelta(days=99))
    return lines


def _make_user(account: DemoAccount, password: str) -> User:
    is_owner = account.email == ADMIN_EMAIL
    is_staff = is_owner or bool(account.role)
    user = User.objects.create_user(
        account.email, password, name=account.name, is_staff=is_staff, is_superuser=is_owner
    )
    if account.role:
        user.groups.add(Group.objects.get(name=account.role))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _lessons(course: Course) -> list[Lesson]:
    return list(Lesson.objects.published().filter(course=course).select_related("course").in_reading_order())


def _complete(user: User, lessons: Iterable[Lesson], *, start: datetime) -> None:
    for number, lesson in enumerate(lessons, 1):
        at = start + timedelta(days=2 * number)
        decision = lesson_decision(user, lesson, at)
        set_completed(user=user, lesson=lesson, decision=decision, is_completed=True, now=at)


def _watch_a_little(user: User, lessons: Iterable[Lesson], *, now: datetime) -> None:
    """Leave the student in the first minute of the next lesson with a video."""
    lesson = next(lesson for lesson in lessons if lesson.video_duration_seconds)
    report = WatchReport(position_seconds=42, ranges=((0, 42),), opened_at=now - timedelta(minutes=1))
    decision = lesson_decision(user, lesson, now)
    record_watching(user=user, lesson=lesson, mine=None, decision=decision, report=report, now=now)
