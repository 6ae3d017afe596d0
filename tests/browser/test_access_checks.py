"""Checks 6, 11, 12, 14 and 38 of UX.md section 5, and axe on every state: what the judge says is what one gets."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from access.selectors import course_decision, lesson_decision
from catalog.models import Course, Lesson
from common.moments import format_moment
from progress.models import LessonProgress
from tests.browser.axe import audit
from tests.browser.people import dan_of, lee_of, paid_course, stage_course, tiers, weekly_course, whole_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STATES = {
    "stu": "purchase",
    "pia": "ready_to_join",
    "kim": "active",
    "eve": "expired",
    "sam": "suspended",
    "fay": "free",
    "lee": "prerequisite",
    "dan": "active",
    "coh": "cohort_upcoming",
    "max": "completed",
    "rae": "revoked",
    "mia": "staff_preview",
}
PRICES = {"Yearly": "€500 a year", "Monthly": "€50 a month"}


def states_on(page):
    return page.locator("[data-state]").evaluate_all("all => all.map(one => one.dataset.state)")


def test_each_person_of_the_cast_sees_exactly_one_state(page, site, sign_in):
    cast = whole_cast()

    seen = {}
    for name, (user, slug) in cast.items():
        sign_in(user)
        page.goto(f"{site}/courses/{slug}/")
        seen[name] = states_on(page)

    assert seen == {name: [state] for name, state in STATES.items()}


def test_a_visitor_sees_the_same_states_as_a_visitor(page, site):
    whole_cast()

    seen = {}
    for slug in ("camera", "taster", "stage", "weekly", "together"):
        page.goto(f"{site}/courses/{slug}/")
        cards = page.locator("[data-state]")
        seen[slug] = cards.evaluate_all("all => all.map(one => `${one.dataset.state} ${one.dataset.viewer}`)")

    paid = ["purchase anonymous"]
    assert seen == {"camera": paid, "taster": ["free anonymous"], "stage": paid, "weekly": paid, "together": paid}


def test_a_lesson_that_opens_later_gives_its_date_and_nothing_else(page, site, sign_in):
    dan = dan_of(weekly_course())
    sign_in(dan)
    lesson = Lesson.objects.get(course__slug="weekly", slug="lesson-9")
    opens_at = lesson_decision(dan, lesson, timezone.now()).opens_at

    answer = page.goto(f"{site}/courses/weekly/lesson-9/")

    assert (answer.status, "zzq" in answer.text(), states_on(page)) == (403, False, ["drip"])
    expect(page.locator("[data-state] h2")).to_have_text(f"Opens {format_moment(opens_at)}")
    expect(page.locator("#outline li")).to_have_count(12)
    expect(page.locator("#outline [aria-current]")).to_contain_text(f"Opens {format_moment(opens_at)}")


@pytest.mark.parametrize("name", ["lesson-1", "lesson-8"])
def test_the_lessons_before_it_are_open(page, site, sign_in, name):
    sign_in(dan_of(weekly_course()))

    assert page.goto(f"{site}/courses/weekly/{name}/").status == 200


def test_a_completed_lesson_stays_open_when_it_is_given_a_later_day(page, site, sign_in):
    course = weekly_course()
    sign_in(dan_of(course))
    course.lessons.filter(slug__in=["lesson-3", "lesson-8"]).update(available_after_days=300)

    answers = {name: page.goto(f"{site}/courses/weekly/{name}/").status for name in ("lesson-3", "lesson-8")}

    assert answers == {"lesson-3": 200, "lesson-8": 403}


def test_the_lock_page_names_the_missing_course_and_leads_to_its_next_lesson(page, site, sign_in):
    camera = paid_course()
    sign_in(lee_of(stage_course(camera), camera))

    answer = page.goto(f"{site}/courses/stage/lesson-5/")

    card = page.locator("[data-state]")
    assert (answer.status, states_on(page)) == (403, ["prerequisite"])
    expect(card.locator("h2")).to_have_text("First finish Camera confidence.")
    expect(card).to_contain_text("3 of 12 lessons")
    card.get_by_role("link", name="Continue Camera confidence").click()
    expect(page).to_have_url(f"{site}/courses/camera/lesson-4/")


def test_the_course_opens_by_itself_when_the_missing_one_is_done(page, site, sign_in):
    camera = paid_course()
    lee = lee_of(stage_course(camera), camera)
    camera.enrollments.filter(user=lee).update(completed_at=timezone.now())
    sign_in(lee)

    assert page.goto(f"{site}/courses/stage/lesson-5/").status == 200


def verdicts(user, slug):
    """What the judge says of the course and each of its lessons: address, allowed or not."""
    course, now = Course.objects.get(slug=slug), timezone.now()
    done = set(LessonProgress.objects.filter(user=user, status="completed").values_list("lesson_id", flat=True))
    said = {course.get_absolute_url(): True}
    for lesson in course.lessons.in_reading_order():
        decision = lesson_decision(user, lesson, now, is_completed=lesson.pk in done)
        said[lesson.get_absolute_url()] = decision.is_allowed
    return said


@pytest.mark.parametrize("name", ["eve", "sam", "dan", "lee", "kim"])
def test_what_the_judge_says_is_what_one_gets(page, site, sign_in, name):
    user, slug = whole_cast()[name]
    sign_in(user)

    said = verdicts(user, slug)
    got = {path: page.goto(site + path).status == 200 for path in said}

    assert got == said


@pytest.mark.parametrize(
    ("name", "code", "allowed"),
    [
        ("eve", "expired", 1),
        ("sam", "suspended", 1),
        ("dan", "active", 8),
        ("lee", "prerequisites", 1),
        ("kim", "active", 12),
    ],
)
def test_the_judge_says_what_the_person_is_known_for(name, code, allowed):
    user, slug = whole_cast()[name]

    decision = course_decision(user, Course.objects.get(slug=slug), timezone.now())

    assert (decision.code, sum(verdicts(user, slug).values()) - 1) == (code, allowed)


@pytest.mark.parametrize("billing", ["Yearly", "Monthly"])
def test_prices_are_switched_by_keyboard_and_without_script(browser, site, billing):
    tiers()
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/pricing/")

    page.get_by_role("link", name=billing).focus()
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_count(1)
    expect(page).to_have_title("Pricing – Coursebook")
    expect(page.locator(".plan-price").nth(2)).to_contain_text(PRICES[billing])


def test_axe_finds_nothing_on_any_state(page, site, sign_in):
    found = audit(page, f"{site}/pricing/")
    for user, slug in whole_cast().values():
        sign_in(user)
        found += audit(page, f"{site}/courses/{slug}/") + audit(page, f"{site}/courses/{slug}/lesson-9/")

    assert found == []


def test_no_state_scrolls_sideways_at_320_pixels(page, site, sign_in):
    page.set_viewport_size({"width": 320, "height": 640})

    wide = []
    for user, slug in whole_cast().values():
        sign_in(user)
        for path in (f"/courses/{slug}/", f"/courses/{slug}/lesson-9/", "/pricing/"):
            page.goto(site + path)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append(path)

    assert wide == []
