"""The course page: one state per person, links only where one may open, and what crawlers read."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from access.models import Tier
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def course_with(lessons=3, **fields):
    course = make.CourseFactory(slug="it", title="Clay", **fields)
    module = make.ModuleFactory(course=course)
    for number in range(lessons):
        make.LessonFactory(course=course, module=module, order=number, slug=f"part-{number}", title=f"Part {number}")
    return course


def paid(**fields):
    return course_with(enrollment_method="purchase", required_level=2, **fields)


def page(client):
    return client.get("/courses/it/").content.decode()


def card(client):
    """The action card: the part with the state, and nothing else of the page."""
    found = re.findall(r'<section class="action-card.*?</section>', page(client), re.DOTALL)
    assert len(found) == 1
    return found[0]


def state(client):
    return re.findall(r'data-state="(\w+)"(?: data-viewer="(\w+)")?', card(client))


def joined(user, course, done=0, **row):
    make.CourseAccessFactory(user=user, course=course, **row)
    make.CourseEnrollmentFactory(user=user, course=course)
    for lesson in course.lessons.order_by("order")[:done]:
        make.LessonProgressFactory(user=user, lesson=lesson, status="completed", completed_at=make.NOW)


LATER = datetime(2100, 6, 4, 16, 0, tzinfo=UTC)
STATES = {
    "active_new": {},
    "active": {"done": 1},
    "completed": {"done": 3},
    "expired": {"done": 2, "expires_at": make.NOW + DAY},
    "payment_required": {"status": "locked"},
    "pending": {"status": "pending", "starts_at": None},
    "revoked": {"status": "revoked", "revoked_at": make.NOW, "revocation_reason": "Refund"},
}


@pytest.mark.parametrize(("expected", "case"), STATES.items())
def test_participant_sees_the_one_state(student, student_client, expected, case):
    joined(student, paid(), **case)

    assert state(student_client) == [(expected, "student")]


@pytest.mark.parametrize(
    ("expected", "fields"),
    [
        ("free", {}),
        ("purchase", {"enrollment_method": "purchase", "required_level": 1}),
        ("restricted", {"enrollment_method": "invite_only"}),
        ("restricted", {"enrollment_method": "cohort_only"}),
        ("restricted", {"enrollment_method": "subscription_only", "required_level": 1}),
        ("restricted", {"status": "locked"}),
        ("coming_soon", {"status": "coming_soon"}),
    ],
)
def test_newcomers_see_the_same_state_signed_in_or_not(client, student_client, expected, fields):
    course_with(**fields)

    assert [state(client), state(student_client)] == [[(expected, "anonymous")], [(expected, "student")]]


def test_holder_of_a_right_is_asked_to_join(student, student_client):
    make.CourseAccessFactory(user=student, course=paid(), access_type="purchase", must_join=True)

    text = card(student_client)

    assert ("Included in your purchase of" in text, 'action="/courses/it/join/"' in text) == (True, True)


def test_suspended_student_finds_no_way_in(student, student_client):
    course = course_with()
    joined(student, course, done=1)
    make.SuspensionFactory(user=student, course=course, public_note="Write to us.")

    text = page(student_client)

    assert ("Write to us." in text, [w for w in ("/enroll/", "/join/", "Unlock", "Ask for access") if w in text]) == (
        True,
        [],
    )


def test_staff_read_what_students_see(staff_client):
    course_with()

    text = card(staff_client)

    assert ("Viewing as staff" in text, "Students see: a free course they can enroll in." in text) == (True, True)


@pytest.mark.parametrize(("yearly", "words"), [(50000, "Unlock with Main – €500/year"), (None, "Unlock with Main")])
def test_price_is_the_tiers_or_left_out(client, yearly, words):
    Tier.objects.filter(level=2).update(name="Main", price_yearly_minor=yearly)
    paid()

    assert f'href="/pricing/">{words}</a>' in card(client)


@pytest.mark.parametrize(("days", "is_said"), [(14, True), (15, False)])
def test_end_of_access_is_said_from_14_days_before(student, student_client, days, is_said):
    joined(student, paid(), done=1, expires_at=timezone.now() + days * DAY)

    assert ("Access ends in 14 days" in card(student_client)) == is_said


def test_lapsed_student_reads_what_is_kept_and_how_to_renew(student, student_client):
    joined(student, paid(), done=2, expires_at=make.NOW + DAY)

    text = card(student_client)

    assert ("Your 2 of 3 lessons are kept. Renew access" in text, "See what you completed" in text) == (True, True)


def test_visitor_signs_up_and_comes_back(client):
    course_with()

    assert "/register/?next=/courses/it/" in card(client)


def test_lessons_are_named_to_all_and_linked_to_those_who_may_open(client, student, student_client):
    course = paid()
    course.lessons.filter(slug="part-0").update(is_preview=True)
    joined(student, course)

    links = [
        re.findall(r'href="/courses/it/(part-\d)/"', page(who).split('class="toc"')[1])
        for who in (client, student_client)
    ]

    assert ("Part 2" in page(client), links) == (True, [["part-0"], ["part-0", "part-1", "part-2"]])


def test_nothing_protected_is_on_the_page(client):
    lesson = paid().lessons.first()
    lesson.body_html, lesson.homework_html, lesson.video_id = "<p>body-text</p>", "<p>home-text</p>", "vid-text"
    lesson.save()

    assert [word for word in ("body-text", "home-text", "vid-text") if word in page(client)] == []


@pytest.mark.parametrize(("is_paid", "is_member", "is_shown"), [(0, 0, 1), (0, 1, 1), (1, 0, 0), (1, 1, 1)])
def test_discussion_is_for_members_of_paid_courses(client, student, student_client, is_paid, is_member, is_shown):
    course = (
        paid(discussion_url="https://chat.example.com/")
        if is_paid
        else course_with(discussion_url="https://chat.example.com/")
    )
    if is_member:
        joined(student, course)

    assert ("https://chat.example.com/" in page(student_client if is_member else client)) == bool(is_shown)


def test_long_course_unfolds_the_module_one_is_in(student, student_client):
    course = course_with(lessons=16)
    joined(student, course, done=16)
    make.LessonFactory(course=course, module=make.ModuleFactory(course=course, order=10_000))

    assert re.findall(r'<details class="chapter"( open)?>', page(student_client)) == ["", " open"]


def test_course_without_lessons_says_so(client):
    course_with(lessons=0)

    assert page(client).count("Lessons are being prepared.") == 1


def test_a_title_cannot_break_out_of_the_data_for_crawlers(client):
    make.CourseFactory(slug="it", title="</script><b>x & <!--")

    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(client), re.DOTALL)

    assert [json.loads(block)["@type"] for block in blocks] == ["Course", "BreadcrumbList"]
    assert json.loads(blocks[0])["name"] == "</script><b>x & <!--"


@pytest.mark.parametrize(("fields", "offers"), [({}, 0), ({"enrollment_method": "purchase"}, None)])
def test_only_free_courses_carry_an_offer(client, fields, offers):
    course_with(**fields)

    found = client.get("/courses/it/").context["course_data"].get("offers")

    assert (found and found["price"]) == offers


def test_head_fits_a_result_page(client):
    make.CourseFactory(slug="it", title="Word " * 30, short_description="text " * 50)

    text = page(client)

    sizes = [
        len(re.search(tag, text).group(1)) for tag in ("<title>(.*?)</title>", 'name="description" content="(.*?)"')
    ]
    assert (sizes[0] <= 60, sizes[1] <= 155) == (True, True)


@pytest.mark.parametrize(("visibility", "is_hidden"), [("public", False), ("hidden", True)])
def test_course_by_link_only_is_not_indexed(client, visibility, is_hidden):
    course_with(visibility=visibility)

    assert ('content="noindex"' in page(client)) == is_hidden


def test_private_and_unknown_courses_get_the_same_404(client):
    course_with(visibility="private")

    answers = [client.get(path) for path in ("/courses/it/", "/courses/no/")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_page_of_a_visitor_carries_no_token(client):
    course_with()

    assert "csrfmiddlewaretoken" not in page(client)


@pytest.mark.parametrize(("kind", "shown"), [("sprint", "Sprint"), ("consultancy", "Consultancy")])
def test_head_says_what_kind_of_course_it_is(client, kind, shown):
    course_with(course_type=kind)

    facts = re.search(r'<p class="meta">(.*?)</p>', page(client), re.DOTALL).group(1)

    assert re.sub(r"<[^>]+>", " ", facts).split()[0] == shown


@pytest.mark.parametrize(("logo", "shown"), [("", []), ("courses/kiln.png", ["/media/courses/kiln.png"])])
def test_logo_stands_beside_the_title(client, logo, shown):
    course_with(logo=logo)

    assert re.findall(r'<img class="course-logo" src="([^"]+)" alt=""', page(client)) == shown
