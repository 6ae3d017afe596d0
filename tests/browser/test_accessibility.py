"""Checks 1, 2, 3 and 5 of UX.md section 5, on every page: axe, small screens, landmarks, targets."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.axe import WIDTHS, audit, in_every_look, resize, violations
from tests.browser.groups import group_addresses
from tests.browser.lists import bulk_addresses
from tests.browser.offers import offers_over
from tests.browser.people import coming_soon_course, everybody, free_course, newcomer_of, paid_course
from tests.factories import CategoryFactory, CourseFactory, TagFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PARTS = 4  # the pages of the dashboard are many: each part is looked at by whoever is free
VISITOR_PAGES = [
    "/",
    "/courses/",
    "/courses/?q=nothing-like-this",
    "/courses/camera/",
    "/courses/taster/",
    "/courses/spring/",
    "/courses/camera/lesson-2/",
    "/courses/camera/lesson-5/",
    "/search/?q=lesson",
    "/search/?q=nothing-like-this",
    "/paths/",
    "/paths/on-air/",
    "/bundles/starter/",
    "/bundles/mix/",
    "/bundles/studio/",
    "/login/",
    "/register/",
    "/password/reset/",
    "/help/",
    "/legal/",
    "/no-such-page/",
]
STUDENT_PAGES = [
    "/courses/",
    "/courses/camera/",
    "/courses/camera/lesson-8/",
    "/paths/",
    "/paths/on-air/",
    "/bundles/starter/",
    "/bundles/mix/",
    "/bundles/studio/",
    "/my-dashboard/",
    "/my-dashboard/course/camera/",
    "/account/",
    "/account/email/",
    "/account/password/",
    "/account/security/",
]
# Of the dashboard, with the course and one right of the student kim.
STAFF_PAGES = [
    "/dashboard/",
    "/dashboard/analytics/",
    "/dashboard/analytics/?period=custom&first=x",
    "/dashboard/courses/camera/progress/",
    "/dashboard/students/{kim}/camera/",
    "/dashboard/students/",
    "/dashboard/students/?q=nothing-like-this",
    "/dashboard/students/?course=camera",
    "/dashboard/students/{kim}/",
    "/dashboard/students/{sam}/",
    "/dashboard/students/{kim}/grant-access/",
    "/dashboard/students/{kim}/extend-access/?access={right}",
    "/dashboard/students/{kim}/revoke-access/?access={right}",
    "/dashboard/students/{kim}/give-membership/",
    "/dashboard/students/{kim}/suspend/?course=camera",
    "/dashboard/students/{sam}/reinstate/?course=camera",
    "/dashboard/students/{kim}/reset-progress/?course=camera",
    "/dashboard/students/selected/?do=grant&id={kim}&id={sam}",
    "/dashboard/students/selected/?do=cohort&id={kim}",
    "/dashboard/courses/import/",
    "/dashboard/students/{kim}/add-cohort/",
    "/dashboard/students/{kim}/grant-bundle/",
    "/dashboard/audit/",
    "/dashboard/audit/?q=nothing-like-this&first_day=x",
    "/dashboard/search/?q=a",
    "/dashboard/staff/",
    "/dashboard/view-as/",
    "/dashboard/courses/",
    "/dashboard/courses/?q=nothing-like-this",
    "/dashboard/courses/add/",
    "/dashboard/courses/camera/",
    "/dashboard/courses/camera/delete/",
    "/dashboard/courses/camera/outline/",
    "/dashboard/courses/camera/outline/lessons/add/",
    "/dashboard/courses/camera/outline/lessons/{lesson}/move/",
    "/dashboard/trash/",
    "/dashboard/categories/",
    "/dashboard/categories/add/",
    "/dashboard/tags/",
    "/dashboard/lessons/",
    "/dashboard/lessons/?q=nothing-like-this",
    "/dashboard/lessons/add/",
    "/dashboard/lessons/add/?course=camera",
    "/dashboard/lessons/{lesson}/edit/",
    "/dashboard/lessons/{lesson}/pictures/",
    "/dashboard/lessons/{lesson}/delete/",
]


@pytest.fixture
def people():
    course = paid_course()
    found = everybody(course)
    offers_over(course, user=found["kim"])
    newcomer_of(free_course())
    coming_soon_course()
    return found


@pytest.fixture
def staff_pages(people):
    """The addresses of the dashboard, and mia may change what she sees there."""
    people["mia"].is_superuser = True
    people["mia"].save()
    right = people["kim"].accesses.filter(access_type="purchase").get()
    CategoryFactory.create_batch(2)
    TagFactory()
    CourseFactory(status="draft", trashed_at=timezone.now())
    names = {
        "kim": people["kim"].pk,
        "sam": people["sam"].pk,
        "right": right.pk,
        "lesson": right.course.lessons.first().pk,
    }
    found = [path.format(**names) for path in STAFF_PAGES]
    found += bulk_addresses(right.course, people["kim"], people["mia"])
    return found + group_addresses(right.course, people["kim"])


def test_axe_finds_what_is_wrong(page, site):
    page.goto(f"{site}/help/")
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"/x\"><input>')")

    assert {line.split()[0] for line in violations(page)} == {"image-alt", "label"}


def test_axe_finds_what_is_wrong_in_one_look_only(page, site):
    page.goto(f"{site}/help/")
    sheet = "@media (max-width: 600px) and (prefers-color-scheme: dark) { h1 { color: #444 } }"
    page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s] }", sheet
    )

    assert [line.split()[:3] for line in in_every_look(page)] == [["phone", "dark:", "color-contrast"]]


SMALL_TARGETS = """
() => [...document.querySelectorAll('a[href], button, input, select, summary')]
  .filter(item => item.checkVisibility({checkVisibilityCSS: true, checkOpacity: true}))
  .filter(item => !item.closest('p, .prose-lesson, dd, td') && getComputedStyle(item).display !== 'inline')
  .map(item => [item, item.getBoundingClientRect()])
  .filter(([item, box]) => box.width > 1 && box.height > 1 && (box.width < 24 || box.height < 24))
  .filter(([item]) => !(item.labels && item.labels[0]))
  .map(([item, box]) => `${item.outerHTML.slice(0, 120)} ${Math.round(box.width)}x${Math.round(box.height)}`)
"""
SMALL_BUTTONS = """
() => [...document.querySelectorAll('.btn-primary')]
  .filter(item => item.checkVisibility())
  .filter(item => item.getBoundingClientRect().height < 43.5)
  .map(item => item.outerHTML.slice(0, 120))
"""
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
FRAME = {"h1": "h1", "language": "html[lang=en]", "help in the footer": "footer a[href='/help/']"}


def test_all_that_can_be_wrong_is_found(page, site):
    page.goto(f"{site}/help/")
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<h1>Two</h1>')")
    page.evaluate("document.querySelector('footer a[href=\"/help/\"]').remove()")
    page.evaluate("document.documentElement.lang = 'de'")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<button class=\"btn-primary\">x</button>')"
    )
    page.evaluate("document.querySelector('.btn-primary').style = 'width: 20px; height: 20px; min-height: 0'")
    page.evaluate("document.body.style.minWidth = '340px'")

    kinds = {line.partition(":")[0] for line in faults(page)}
    assert kinds == {"desktop", "phone", "320 pixels", "2 x h1", "0 x language", "0 x help in the footer"}


def faults(page):
    """What is wrong with the page as it is now, but for what axe finds: checks 2, 3 and 5, a line each."""
    found = []
    for name, selector in FRAME.items():
        if (count := page.locator(selector).count()) != 1:
            found.append(f"{count} x {name}: {page.url}")
    for name, size in WIDTHS.items():
        resize(page, size)
        found += [f"{name}: small {item}" for item in page.evaluate(SMALL_TARGETS) + page.evaluate(SMALL_BUTTONS)]
    resize(page, (320, 640))
    return [*found, "320 pixels: it scrolls sideways"] if page.evaluate(WIDE) else found


def faults_on(page, site, paths):
    """The same and what axe finds at these addresses, and titles that pages share."""
    found, titles = [], {}
    for path in paths:
        found += audit(page, site + path) + [f"{path} {line}" for line in faults(page)]
        titles.setdefault(page.title(), set()).add(path.partition("?")[0])
    return found + [f"{title}: {sorted(pages)}" for title, pages in titles.items() if len(pages) > 1]


def test_nothing_is_wrong_with_what_a_visitor_sees(page, site, people):
    assert faults_on(page, site, VISITOR_PAGES) == []


def test_nothing_is_wrong_with_what_a_student_sees(page, site, sign_in, people):
    sign_in(people["kim"])

    assert faults_on(page, site, STUDENT_PAGES) == []


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_wrong_with_what_staff_see(page, site, sign_in, people, staff_pages, part):
    sign_in(people["mia"])

    assert faults_on(page, site, staff_pages[part::PARTS]) == []


def test_axe_finds_nothing_on_a_refused_form_of_staff(page, site, sign_in, people, staff_pages):
    sign_in(people["mia"])
    page.goto(site + next(path for path in staff_pages if path.endswith("/grant-access/")))
    page.get_by_role("button", name="Grant access").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()

    assert (violations(page), page.title()[:20]) == ([], "Error: Grant access ")


def test_the_first_tab_stop_is_a_skip_link_that_works(page, site, people):
    for path in ("/", "/courses/", "/courses/camera/", "/courses/camera/lesson-2/", "/login/"):
        page.goto(site + path)
        page.keyboard.press("Tab")

        focused = page.locator(":focus")
        expect(focused).to_have_class("skip-link")
        target = focused.get_attribute("href")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == target.removeprefix("#")
