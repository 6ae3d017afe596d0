"""T1, T3-T11, T13-T16: what is closed stays closed, whichever way it is asked for, and nothing is written."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from access.models import CourseAccess, CourseEnrollment, Suspension
from access.services import enroll_free, extend_access, grant_access, join_course, lock_access, revoke_access, suspend
from catalog.models import Lesson
from progress.models import LessonProgress
from progress.player import opened_token
from tests import factories as make
from tests.conftest import client_of
from tests.threats.state import unchanged
from tests.threats.world import ENROLLED, HOLDERS, ROLES

pytestmark = pytest.mark.django_db
OTHERS = [role for role in ROLES if role not in HOLDERS]
JSON = "application/json"


def writes(world):
    unit = f"/api/courses/guarded/units/{world.lesson.pk}/complete"
    own = f"/api/lessons/{world.lesson.pk}"
    return [unit, f"{own}/complete/", f"{own}/progress/", "/courses/guarded/closed/complete/"]


@pytest.mark.parametrize("role", OTHERS)
def test_t8_no_progress_without_the_right(clients, world, role):
    body = json.dumps({"ranges": [[0, 100]], "timestamp": 50, "watch_percentage": 100, "completed": True})

    with unchanged():
        answers = [clients[role].post(url, body, content_type=JSON).status_code for url in writes(world)]

    assert answers == ([401, 401, 401, 302] if role == "anonymous" else [403] * 4)


@pytest.mark.parametrize("role", OTHERS)
def test_t1_reading_a_closed_lesson_writes_nothing(clients, world, role):
    with unchanged():
        page = clients[role].get("/courses/guarded/closed/")
        unit = clients[role].get(f"/api/courses/guarded/units/{world.lesson.pk}")

    assert (page.status_code, unit.status_code, unit.json()["required_tier_name"]) == (403, 403, "Main")


def test_t3_identifiers_of_different_courses_do_not_mix(clients, world):
    other = make.LessonFactory(slug="elsewhere", course__slug="other")
    make.CourseAccessFactory(user=world.people["none"], course=other.course)
    mixed = [
        "/courses/other/closed/",
        "/courses/guarded/elsewhere/",
        f"/api/courses/other/units/{world.lesson.pk}",
        f"/courses/other/elsewhere/files/{world.material.pk}/",
        "/courses/other/closed/captions.vtt",
    ]

    with unchanged():
        assert [clients["none"].get(url).status_code for url in mixed] == [404] * 5
        url = f"/api/courses/other/units/{world.lesson.pk}/complete"
        assert clients["none"].post(url, content_type=JSON).status_code == 404


def test_t3_a_file_of_another_lesson_is_not_there(clients, world):
    for role in ("active", "staff", "none"):
        assert clients[role].get(f"/courses/guarded/preview/files/{world.material.pk}/").status_code == 404


def test_t4_a_preview_is_no_ladder(clients, world):
    page = clients["anonymous"].get("/courses/guarded/preview/").content.decode()

    assert (world.lesson.body in page, "captions.vtt" in page, "/files/" in page) == (False, False, False)


END = {
    "expire": lambda row, staff, now: CourseAccess.objects.filter(pk=row.pk).update(expires_at=now),
    "revoke": lambda row, staff, now: revoke_access(access=row, now=now, reason="Refund"),
    "lock": lambda row, staff, now: lock_access(access=row, now=now, reason="Instalment failed"),
    "suspend": lambda row, staff, now: suspend(user=row.user, course=row.course, actor=staff, reason="x", now=now),
}


@pytest.mark.parametrize("end", END)
def test_t6_access_that_ends_while_the_page_is_open_is_over_at_the_next_request(clients, world, end):
    student = clients["active"]
    assert student.get("/courses/guarded/closed/").status_code == 200
    END[end](world.people["active"].accesses.get(), world.people["staff"], timezone.now())

    with unchanged():
        reads = [student.get(f"/courses/guarded/closed/{rest}").status_code for rest in ("", "captions.vtt")]
        sent = [student.post(url, "{}", content_type=JSON).status_code for url in writes(world)]

    assert (reads, sent) == ([403, 404], [403] * 4)
    assert student.get(f"/courses/guarded/closed/files/{world.material.pk}/").status_code == 404


@pytest.mark.parametrize("url", ["/courses/guarded/closed/", "/courses/guarded/", "/my-dashboard/", "/courses/", "/"])
def test_t6_t15_what_a_student_sees_is_kept_by_no_cache(clients, world, url):
    assert clients["active"].get(url)["Cache-Control"] == "private, no-store"


def test_t15_a_visitor_after_a_student_sees_a_visitors_page(clients, world):
    for url in ("/", "/courses/", "/courses/guarded/closed/"):
        clients["active"].get(url)
        page = clients["anonymous"].get(url)
        assert "active@roles.example" not in page.content.decode()
        assert world.lesson.body not in page.content.decode()


def test_t7_nothing_a_suspended_student_does_opens_the_course(clients, world):
    user, now = world.people["suspended"], timezone.now()
    links = {"bundle": "bundle_purchase", "cohort": "cohort", "path": "path"}
    made = {"bundle": make.BundlePurchaseFactory, "cohort": make.CohortFactory, "path": make.LearningPathFactory}
    for kind in ("purchase", "bundle", "cohort", "subscription", "path"):
        link = {links[kind]: made[kind]()} if kind in links else {}
        grant_access(user=user, course=world.course, access_type=kind, source_key=f"{kind}:1", now=now, **link)
    ending = make.CourseAccessFactory(user=user, course=world.course, expires_at=now)
    extend_access(access=ending, days=30, now=now)
    for url in ("enroll", "join"):
        clients["suspended"].post(f"/courses/guarded/{url}/")
    for service in (enroll_free, join_course):
        with pytest.raises(Exception, match="suspended"):
            service(user=user, course=world.course, now=now)

    assert clients["suspended"].get("/courses/guarded/closed/").status_code == 403
    assert Suspension.objects.get(user=user).lifted_at is None


@pytest.mark.parametrize("where", ["body", "query"])
@pytest.mark.parametrize("name", ["user", "user_id", "member", "student", "email", "pk"])
def test_t9_progress_is_always_ones_own(clients, world, name, where):
    other = world.people["expired"]
    extra = {name: other.pk if name != "email" else other.email}
    for url in writes(world):
        target = f"{url}?{name}={extra[name]}" if where == "query" else url
        clients["active"].post(target, json.dumps(extra if where == "body" else {}), content_type=JSON)

    assert set(LessonProgress.objects.values_list("user__email", flat=True)) == {"active@roles.example"}


def report(clients, world, fields):
    """Send these fields of a report, as text, for not all of them are JSON; the status of the answer."""
    return clients["active"].post(writes(world)[2], "{" + fields + "}", content_type=JSON).status_code


HUGE = ["1e400", "-1e400", "NaN", "Infinity", str(2**63), "1" + "0" * 5000]
VALUES = ["-1", "-0.1", "101", '"100"', "true", "[100]", "{}", *HUGE]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:12])
def test_t10_an_impossible_percentage_is_refused(clients, world, value):
    with unchanged():
        assert report(clients, world, '"timestamp": 5, "watch_percentage": ' + value) == 400


@pytest.mark.parametrize("value", ["-1", "-0.1", "86401", "102", '"5"', "true", "[5]", *HUGE], ids=lambda v: v[:12])
def test_t10_an_impossible_position_is_refused(clients, world, value):
    with unchanged():
        assert report(clients, world, '"watch_percentage": 5, "timestamp": ' + value) == 400


RANGES = [
    "[[0]]",
    "[[0, 1, 2]]",
    "[[-1, 5]]",
    '[["0", 5]]',
    "[[0, 1.5]]",
    "[[0, true]]",
    "5",
    "null",
    "[[0, 86401]]",
    "[[0, 1e400]]",
]


@pytest.mark.parametrize("value", [*RANGES, json.dumps([[0, 1]] * 501)], ids=lambda value: value[:14])
def test_t10_impossible_ranges_are_refused(clients, world, value):
    with unchanged():
        assert report(clients, world, '"ranges": ' + value) == 400


BODIES = [
    "",
    "x",
    "[]",
    "[100]",
    "5",
    '"x"',
    "null",
    "{",
    '{"a": 1, "a": 2}',
    "[" * 100_000,
    '{"x": "\\u0000"}',
    "\ufeff{}",
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:10]))
def test_t10_a_body_that_is_no_report_is_refused(clients, world, body):
    with unchanged():
        assert clients["active"].post(writes(world)[2], body, content_type=JSON).status_code == 400


def test_t11_no_address_shows_the_progress_of_others(clients, world):
    make.LessonProgressFactory(user=world.people["expired"], lesson=world.lesson, watch_percentage=61.73)

    for rest in ("", "?user_id=2", "?user_id=0", "?student=1", "?user="):
        for url in ("/my-dashboard/", "/my-dashboard/course/guarded/", f"/api/courses/guarded/units/{world.lesson.pk}"):
            shown = clients["active"].get(url + rest).content.decode()
            assert [mark for mark in ("61.73", "61 %", "62 %") if mark in shown] == []


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ENROLLED])
def test_t11_the_progress_page_is_for_those_who_take_part(clients, role):
    assert clients[role].get("/my-dashboard/course/guarded/").status_code == (302 if role == "anonymous" else 404)


def test_t12_five_hundred_reports_in_a_moment_complete_nothing(world):
    user = world.people["active"]
    client = client_of(user)
    opened = opened_token(lesson_id=world.lesson.pk, user_id=user.pk, now=timezone.now() - timedelta(seconds=2))
    for number in range(60):
        body = {"opened": opened, "ranges": [[0, 100]], "watch_percentage": 100, "timestamp": number}
        answer = client.post(writes(world)[2], body, content_type=JSON).json()

    assert (answer["completed"], answer["watch_percentage"] < 60) == (False, True)


@pytest.mark.parametrize("headers", [{}, {"HTTP_RANGE": "bytes=0-5"}, {"HTTP_IF_NONE_MATCH": "*"}])
@pytest.mark.parametrize("method", ["get", "head"])
def test_t13_a_file_is_for_those_who_may_open_its_lesson(clients, world, method, headers):
    direct = f"/media/{world.material.file.name}"
    through = f"/courses/guarded/closed/files/{world.material.pk}/"

    answers = {url: getattr(clients["none"], method)(url, **headers).status_code for url in (direct, through)}

    assert set(answers.values()) == {404}
    assert clients["active"].get(direct).status_code == 404


SPELLINGS = (
    "/courses/guarded/closed", "//courses/guarded/closed/", "/courses//guarded/closed/", "/courses/guarded/CLOSED/",
    "/courses/GUARDED/closed/", "/courses/guarded/closed./", "/courses/guarded/closed%20/",
    "/courses/guarded/closed%2f", "/courses/guarded%2fclosed/", "/courses/./guarded/closed/",
    "/courses/guarded/\N{SMALL ROMAN NUMERAL ONE HUNDRED}losed/", "/courses/guarded/cl%6fsed/",
    "/courses/guarded/closed/;x", "/courses/guarded/../guarded/closed/", "/courses/guarded/closed/?format=json",
)  # fmt: skip


@pytest.mark.parametrize("address", SPELLINGS)
def test_t14_another_spelling_gets_no_more(clients, world, address):
    for method in ("get", "head", "options"):
        response = getattr(clients["none"], method)(address, follow=True)
        assert response.status_code in {403, 404, 405}
        assert world.lesson.body not in response.content.decode()


def alike(answer, name):
    """The page without what differs on every page: the address one asked for, and the token of its forms."""
    return re.sub(
        r'(csrfmiddlewaretoken" value=|X-CSRFToken&quot;: &quot;|csrf[^ ]*=)"?[^"&]+',
        "",
        answer.content.decode().replace(name, ""),
    )


def test_t16_what_one_may_not_know_of_looks_like_what_is_not_there(clients):
    pages = [clients["none"].get(url) for url in ("/courses/draft/", "/courses/private/", "/courses/nowhere/")]
    calls = [clients["none"].get(f"/api{url}") for url in ("/courses/draft", "/courses/private", "/courses/nowhere")]

    for answers, names in ((pages, ("draft", "private", "nowhere")), (calls, ("draft", "private", "nowhere"))):
        bodies = {alike(answer, name) for answer, name in zip(answers, names, strict=True)}
        assert ({answer.status_code for answer in answers}, len(bodies)) == ({404}, 1)


def test_t16_walking_ids_finds_only_what_is_open(clients, world):
    first = min(world.lesson.pk, world.preview.pk)
    ids = range(max(1, first - 20), first + 40)
    answers = {pk: clients["none"].post(f"/api/lessons/{pk}/complete/").status_code for pk in ids}

    closed = Lesson.objects.filter(slug__in=["closed", "spoken", "first"], course__slug__in=["guarded", "before"])
    known = dict.fromkeys(closed.values_list("pk", flat=True), 403) | {world.preview.pk: 200}
    assert answers == dict.fromkeys(ids, 404) | known
    assert not CourseEnrollment.objects.filter(user=world.people["none"]).exists()
