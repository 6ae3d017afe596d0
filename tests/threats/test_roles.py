"""T1-T8 as one table: who stands how to the course, and what each way to its closed lesson answers them."""

import json
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from access.decisions import Code
from access.models import AccessEvent, CourseAccess
from access.selectors import course_decision, lesson_decision
from access.services import (
    EnrollmentClosed,
    add_to_cohort,
    buy_bundle,
    enroll_free,
    extend_access,
    grant_access,
    join_cohort,
    join_path,
    override_tier,
)
from progress.models import LessonProgress
from tests import factories as make
from tests.threats.state import unchanged
from tests.threats.world import DRIP_DAYS, HOLDERS, ROLES

pytestmark = pytest.mark.django_db
JSON = "application/json"
# What the judge says of the course, and what the API calls it of the lesson. Nobody is missing.
CODES = {
    "anonymous": (Code.SIGN_IN, "authentication_required"),
    "none": (Code.PURCHASE, "insufficient_tier"),
    "active": (Code.ACTIVE, None),
    "tier": (Code.ACTIVE, None),
    "low_tier": (Code.PURCHASE, "insufficient_tier"),
    "expired": (Code.EXPIRED, "expired"),
    "revoked": (Code.REVOKED, "revoked"),
    "suspended": (Code.SUSPENDED, "suspended"),
    "locked": (Code.PAYMENT_REQUIRED, "payment_required"),
    "pending": (Code.PENDING, "pending"),
    "must_join": (Code.NOT_JOINED, "not_joined"),
    "member": (Code.ACTIVE, None),
    "upcoming": (Code.COHORT_UPCOMING, "cohort_upcoming"),
    "unprepared": (Code.PREREQUISITES, "prerequisites"),
    "dripped": (Code.ACTIVE, "drip_locked"),
    "staff": (Code.STAFF, None),
}
REFUSED = [role for role in ROLES if role not in HOLDERS]


def test_every_role_is_in_the_table():
    assert set(CODES) == set(ROLES)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "anonymous"])
def test_each_role_is_what_its_name_says(world, role):
    decision = course_decision(world.people[role], world.course, timezone.now())

    assert decision.code == CODES[role][0]


def ways_in(world):
    """Every address by which something of the closed lesson could be read."""
    return {
        "page": "/courses/guarded/closed/",
        "unit": f"/api/courses/guarded/units/{world.lesson.pk}",
        "file": f"/courses/guarded/closed/files/{world.material.pk}/",
        "captions": "/courses/guarded/closed/captions.vtt",
        "picture": "/courses/guarded/closed/pictures/zzqpicturenameqzz.png",
    }


def sent(client, world):
    """Every way to write progress: the status of each answer."""
    report = json.dumps({"ranges": [[0, 100]], "timestamp": 50, "watch_percentage": 100, "completed": True})
    calls = [
        f"/api/courses/guarded/units/{world.lesson.pk}/complete",
        f"/api/lessons/{world.lesson.pk}/complete/",
        f"/api/lessons/{world.lesson.pk}/progress/",
    ]
    form = client.post("/courses/guarded/closed/complete/", {"completed": "true"}).status_code
    return [*(client.post(url, report, content_type=JSON).status_code for url in calls), form]


@pytest.mark.parametrize("role", REFUSED)
def test_t1_t5_no_way_leads_in_and_nothing_is_written(clients, world, role):
    with unchanged():
        answers = {name: clients[role].get(url) for name, url in ways_in(world).items()}
        writes = sent(clients[role], world)

    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == {"page": 403, "unit": 403, "file": 404, "captions": 404, "picture": 404}
    assert (answers["unit"].json()["code"], answers["unit"].json()["required_tier_name"]) == (CODES[role][1], "Main")
    assert writes == ([401, 401, 401, 302] if role == "anonymous" else [403] * 4)


@pytest.mark.parametrize("role", HOLDERS)
def test_t1_those_with_the_right_get_in_every_way(clients, world, role):
    answers = {name: clients[role].get(url) for name, url in ways_in(world).items()}
    for answer in answers.values():
        if answer.streaming:
            answer.getvalue()  # closes the file

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert sent(clients[role], world) == [200, 200, 200, 302]


@pytest.mark.parametrize("role", ROLES)
def test_t3_the_closed_lesson_opens_under_no_other_course(clients, world, role):
    mixed = ["/courses/before/closed/", f"/api/courses/before/units/{world.lesson.pk}", "/courses/guarded/first/"]

    with unchanged():
        assert [clients[role].get(url).status_code for url in mixed] == [404] * 3


@pytest.mark.parametrize("role", ROLES)
def test_t4_a_preview_is_open_to_all_and_opens_nothing_else(clients, world, role):
    page = clients[role].get("/courses/guarded/preview/")

    assert (page.status_code, world.lesson.body in page.content.decode()) == (200, False)


def opens_on(world):
    """The day on which drip opens the lesson to its cohort, in the site's zone."""
    cohort = world.people["dripped"].cohort_memberships.get().cohort
    return cohort.starts_on + timedelta(days=DRIP_DAYS)


def test_t5_the_refusal_of_drip_names_the_date(clients, world):
    day = opens_on(world)

    page = clients["dripped"].get("/courses/guarded/closed/").content.decode()
    unit = clients["dripped"].get(ways_in(world)["unit"]).json()

    assert f"{day.day} {day:%B %Y}" in page
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo("Europe/Paris"))
    assert datetime.fromisoformat(unit["available_at"]) == midnight


def test_t5_drip_opens_with_its_day_and_not_before(world):
    user, midnight = world.people["dripped"], datetime.combine(opens_on(world), time(), tzinfo=ZoneInfo("Europe/Paris"))
    moments = [midnight - timedelta(microseconds=1), midnight]

    assert [lesson_decision(user, world.lesson, moment).code for moment in moments] == [Code.DRIP, Code.ACTIVE]


def test_t5_a_prerequisite_opens_nothing_until_it_is_completed(clients, world):
    student = clients["unprepared"]
    page = student.get("/courses/guarded/closed/").content.decode()
    enroll_free(user=world.people["unprepared"], course=world.before, now=timezone.now())
    still_closed = student.get("/courses/guarded/closed/").status_code

    student.post("/courses/before/first/complete/", {"completed": "true"})

    assert ("The course before" in page, still_closed) == (True, 403)
    assert student.get("/courses/guarded/closed/").status_code == 200


def everything(user, world, staff, now):
    """Whatever could bring a student back: each as (what, call)."""
    CourseAccess.objects.filter(user=user).update(expires_at=now + timedelta(days=9))  # so that there is one to renew
    course, bundle = world.course, make.BundleCourseFactory(course=world.course).bundle
    path = make.PathStepFactory(course=course).path
    granting, open_to_all = make.CohortFactory(grants_access=True), make.CohortFactory()
    for cohort in (granting, open_to_all):
        cohort.courses.add(course)
    of = {"user": user, "now": now}
    return {
        "buy again": lambda: grant_access(course=course, access_type="purchase", source_key="order:9", **of),
        "renew": lambda: extend_access(access=user.accesses.first(), days=365, now=now),
        "subscribe": lambda: grant_access(tier_level=3, access_type="subscription", source_key="subscription:9", **of),
        "bundle": lambda: buy_bundle(bundle=bundle, source_key="order:10", **of),
        "cohort": lambda: add_to_cohort(cohort=granting, actor=staff, **of),
        "path": lambda: join_path(path=path, **of),
        "override": lambda: override_tier(level=3, until=now + timedelta(days=9), actor=staff, reason="x", **of),
        "seat": lambda: join_cohort(cohort=open_to_all, course=course, **of),
        "enroll": lambda: enroll_free(course=course, **of),
    }


def assert_still_out(client, world):
    answers = {name: client.get(url).status_code for name, url in ways_in(world).items()}
    assert answers == {"page": 403, "unit": 403, "file": 404, "captions": 404, "picture": 404}
    assert sent(client, world) == [403] * 4


@pytest.mark.parametrize("way", ["buy again", "renew", "subscribe", "bundle", "cohort", "path", "override"])
def test_t7_what_a_suspended_student_gets_is_noted_and_opens_nothing(clients, world, way):
    ways = everything(world.people["suspended"], world, world.people["staff"], timezone.now())
    before = AccessEvent.objects.count()

    ways[way]()

    assert AccessEvent.objects.count() == before + 1
    assert_still_out(clients["suspended"], world)


@pytest.mark.parametrize("way", ["seat", "enroll"])
def test_t7_the_suspended_let_themselves_in_nowhere(clients, world, way):
    ways = everything(world.people["suspended"], world, world.people["staff"], timezone.now())

    with unchanged(), pytest.raises(EnrollmentClosed, match="suspended"):
        ways[way]()

    assert_still_out(clients["suspended"], world)


@pytest.mark.parametrize("role", [role for role in HOLDERS if role != "staff"])
def test_t6_t8_what_was_done_stays_when_the_right_is_gone_and_nothing_is_added(clients, world, role):
    user = world.people[role]
    sent(clients[role], world)
    before = list(LessonProgress.objects.filter(user=user).values())
    CourseAccess.objects.filter(user=user).update(status="locked")

    after = sent(clients[role], world)

    assert after == [403] * 4
    assert list(LessonProgress.objects.filter(user=user).values()) == before
