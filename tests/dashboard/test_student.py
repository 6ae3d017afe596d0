"""The page of one student: who they are, courses, rights, groups, and the timeline."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Permission

from access.services import add_to_cohort, buy_bundle, grant_access, join_path, revoke_access, suspend
from tests import factories as make
from tests.conftest import client_of, counted_queries
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SOON = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def course():
    return make.CourseFactory(title="Camera", slug="camera", enrollment_method="purchase", lesson_count=4)


@pytest.fixture
def page(staff_client, student):
    """The page as staff see it who only look."""
    return lambda **query: staff_client.get(f"/dashboard/students/{student.pk}/", query)


def give(user, course, **fields):
    source = {"access_type": "purchase", "source_key": "order:12", "now": NOW}
    return grant_access(user=user, course=course, **source | fields)


def signs(response):
    return [(card.course.title, card.sign.text) for card in response.context["cards"]]


def states(response):
    return [(right.name, right.sign.text) for right in response.context["rights"]]


def story(response):
    return [(e.event.action, e.name, e.who, e.through) for e in response.context["entries"]]


def test_nobody_is_a_404(staff_client, stranger):
    assert staff_client.get(f"/dashboard/students/{stranger.pk + 1000}/").status_code == 404


def test_staff_have_no_such_page(staff_client, staff):
    assert staff_client.get(f"/dashboard/students/{staff.pk}/").status_code == 404


def test_a_newcomer_has_nothing_yet(page):
    text = page().text

    assert ("No access yet" in text, "No right was ever given" in text, "never seen" in text) == (True, True, True)


def test_the_head_says_who_it_is(page, student):
    make.CourseProgressFactory(user=student, last_active_at=NOW)
    text = page().text

    assert ("Sam Student" in text, "mailto:student@example.com" in text) == (True, True)
    assert "last seen <time" in text


def test_the_later_of_log_in_and_lesson_is_when_they_were_seen(page, student):
    student.last_login = NOW + DAY
    student.save()
    make.CourseProgressFactory(user=student, last_active_at=NOW)

    assert page().context["last_seen"] == NOW + DAY


def test_who_cannot_log_in_is_marked(page, student):
    student.is_active = False
    student.save()

    assert "Cannot log in" in page().text


def test_a_name_is_text(owner_client, student, course):
    student.name = course.title = "<script>alert(1)</script>"
    student.save()
    course.save()
    give(student, course, reason="<script>alert(1)</script>")

    assert "<script>alert(1)" not in owner_client.get(f"/dashboard/students/{student.pk}/").text


def test_a_course_card_says_state_source_end_and_progress(page, student, course):
    give(student, course, expires_at=SOON)
    make.CourseEnrollmentFactory(user=student, course=course)
    make.CourseProgressFactory(user=student, course=course, completed_lessons=1)
    answer = page()
    card = answer.context["cards"][0]

    assert (card.sign.text, card.right.source_label, card.right.expires_at) == ("Open", "Purchase", SOON)
    assert (card.done, card.percent, card.status.label) == (1, 25, "Active")


@pytest.mark.parametrize(
    ("fields", "sign"),
    [
        ({}, "Open"),
        ({"expires_at": NOW + DAY}, "Expired"),
        ({"starts_at": SOON}, "Not begun"),
        ({"is_pending": True}, "Not begun"),
        ({"must_join": True}, "Has to join"),
    ],
)
def test_the_card_says_what_the_judge_says(page, student, course, fields, sign):
    give(student, course, **fields)

    assert signs(page()) == [("Camera", sign)]


def test_the_card_leads_to_the_inspector(page, staff_client, student, course):
    give(student, course)
    address = f"/dashboard/access/inspect/?student={quote(student.email)}&amp;what=%2Fcourses%2Fcamera%2F"

    assert f'href="{address}"' in page().text
    assert staff_client.get(address.replace("&amp;", "&")).status_code == 200


def test_a_suspension_shows_on_its_card(page, student, staff, course):
    suspend(user=student, course=course, actor=staff, reason="abuse", now=NOW)

    assert signs(page()) == [("Camera", "Suspended")]


def test_a_course_that_was_only_joined_has_no_access(page, student, course):
    make.CourseEnrollmentFactory(user=student, course=course)

    assert signs(page()) == [("Camera", "No access")]


@pytest.mark.parametrize(
    ("fields", "sign"),
    [
        ({}, "Open"),
        ({"expires_at": NOW + DAY}, "Expired"),
        ({"status": "pending", "starts_at": None}, "Not begun"),
        ({"status": "pending", "starts_at": None, "expires_at": NOW}, "Expired"),
        ({"status": "locked"}, "Locked"),
        ({"status": "revoked", "revoked_at": NOW, "revocation_reason": "x"}, "Revoked"),
    ],
)
def test_every_right_is_listed_with_what_it_is_now(page, student, course, fields, sign):
    make.CourseAccessFactory(user=student, course=course, **fields)

    assert states(page()) == [("Camera", sign)]


def test_a_membership_is_called_by_its_name(page, student):
    give(student, None, tier_level=2)

    assert states(page()) == [("Membership Main", "Open")]
    assert story(page())[0][1] == "Membership Main"


def test_groups_are_listed_with_those_that_were_left(page, student, staff):
    add_to_cohort(user=student, cohort=make.CohortFactory(name="Spring group"), now=NOW)
    make.CohortMembershipFactory(user=student, cohort__name="Old group", left_at=NOW)
    join_path(user=student, path=make.LearningPathFactory(title="On air"), now=NOW)
    bundle = make.BundleCourseFactory(bundle__name="Starter").bundle
    buy_bundle(user=student, bundle=bundle, source_key="staff:1", actor=staff, now=NOW)

    text = page().text

    found = [name in text for name in ("Spring group", "Old group", "On air", "Starter", "given by Stan Staff")]
    assert found == [True] * 5


def test_the_timeline_tells_who_what_and_through_what(page, student, staff, course):
    access = give(student, course)
    revoke_access(access=access, now=NOW + DAY, reason="Refund", actor=staff)
    suspend(user=student, course=course, actor=staff, reason="abuse", now=NOW + 2 * DAY)

    assert story(page()) == [
        ("suspended", "Camera", "by Stan Staff", "Suspension"),
        ("revoked", "Camera", "by Stan Staff", "Purchase"),
        ("granted", "Camera", "by itself", "Purchase, order 12"),
    ]


def test_what_they_did_themselves_is_told_so(page, student, course):
    give(student, course, access_type="free", source_key="free", actor=student)

    assert story(page()) == [("granted", "Camera", "by the student", "Free")]


def test_the_timeline_of_one_course_leaves_out_the_others(page, student, course):
    give(student, course)
    give(student, make.CourseFactory())

    assert [entry.name for entry in page(course="camera").context["entries"]] == ["Camera"]


def test_a_course_in_which_nothing_happened_says_so(page, course):
    assert "Nothing happened to their access to Camera" in page(course="camera").text


@pytest.mark.parametrize("slug", ["none", "\0"])
def test_a_course_that_is_none_filters_nothing(page, student, course, slug):
    give(student, course)

    assert len(page(course=slug).context["entries"]) == 1


def test_the_timeline_has_pages_that_keep_the_course(page, student, course):
    for number in range(51):
        give(student, course, source_key=f"order:{number}")

    assert 'href="?course=camera&amp;page=2"' in page(course="camera").text


def test_who_only_looks_finds_no_button(page, student, course):
    give(student, course)

    assert "grant-access" not in page().text


def test_staff_with_the_permission_find_them(staff, student, course):
    staff.user_permissions.add(Permission.objects.get(codename="change_courseaccess"))
    give(student, course)
    text = client_of(staff).get(f"/dashboard/students/{student.pk}/").text

    found = [f"/{action}/" in text for action in ("grant-access", "revoke-access", "lock-access", "suspend")]
    assert found == [True] * 4


def test_each_right_offers_what_can_be_done_with_it(owner_client, student, course):
    make.CourseAccessFactory(user=student, course=course, status="locked", expires_at=SOON)
    right = owner_client.get(f"/dashboard/students/{student.pk}/").context["rights"][0]

    assert (right.can_extend, right.can_lock, right.can_unlock, right.can_revoke) == (True, False, True, True)


def test_the_number_of_queries_does_not_grow(owner_client, student, staff):
    counts = []
    for more in (3, 60):
        for _ in range(more):
            fill(student, staff)
        with counted_queries() as queries:
            owner_client.get(f"/dashboard/students/{student.pk}/")
        counts.append(len(queries))

    assert (counts[0], counts[1] <= 18) == (counts[1], True)


def fill(student, staff):
    """One more of everything that the page lists."""
    course = make.CourseFactory(enrollment_method="purchase")
    make.CourseEnrollmentFactory(user=student, course=course)
    revoke_access(access=give(student, course, actor=staff), now=NOW, reason="x", actor=staff)
    cohort = make.CohortFactory(grants_access=True)
    cohort.courses.add(course)
    add_to_cohort(user=student, cohort=cohort, now=NOW, actor=staff)
    join_path(user=student, path=make.PathStepFactory(course=course).path, now=NOW, actor=staff)
    bundle = make.BundleCourseFactory(course=course).bundle
    buy_bundle(user=student, bundle=bundle, source_key="staff:1", now=NOW, actor=staff)
    suspend(user=student, course=course, actor=staff, reason="abuse", now=NOW)
