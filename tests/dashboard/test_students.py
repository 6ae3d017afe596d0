"""The list of students: who is in it, search, filters, order, pages, the table to keep, and the number of queries."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories as make
from tests.conftest import counted_queries
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL = "/dashboard/students/"
DAY = timedelta(days=1)


@pytest.fixture
def ask(staff_client):
    """Names of the students found."""

    def found(**query):
        return [line.student.name for line in staff_client.get(URL, query).context["lines"]]

    return found


@pytest.fixture
def camera():
    return make.CourseFactory(title="Camera", slug="camera", enrollment_method="purchase", required_level=2)


def learner(name, **fields):
    return make.UserFactory(name=name, **fields)


def columns(response):
    return [(line.courses, line.last_active_at, line.state.label) for line in response.context["lines"]]


def test_without_students_the_page_says_so(staff_client):
    assert "No student yet" in staff_client.get(URL).text


def test_without_a_match_it_offers_to_clear_the_filters(staff_client, student):
    answer = staff_client.get(URL, {"q": "nobody"})

    assert ("No student found" in answer.text, "Clear filters" in answer.text) == (True, True)


def test_staff_are_no_students(ask, staff, student):
    assert ask() == ["Sam Student"]


@pytest.mark.parametrize("words", ["ana", "ANA.ROSE@", "rose ana", "Rose"])
def test_search_finds_parts_of_name_and_address(ask, words):
    learner("Ana Rose", email="ana.rose@example.com")
    learner("Ben Thorn", email="ben@example.com")

    assert ask(q=words) == ["Ana Rose"]


@pytest.mark.parametrize("words", ["%", "_", "\\", "'"])
def test_signs_of_sql_find_themselves_only(ask, student, words):
    assert ask(q=words) == []


def test_the_total_is_stated(staff_client):
    make.UserFactory.create_batch(3)

    assert "3 in all" in staff_client.get(URL).text


def test_a_page_holds_fifty_and_keeps_the_filters(staff_client):
    make.UserFactory.create_batch(51)
    answer = staff_client.get(URL, {"q": "person", "page": "2"})

    assert (len(answer.context["lines"]), "51–51 of 51" in answer.text) == (1, True)
    assert 'href="?q=person&amp;page=1"' in answer.text


@pytest.fixture
def _short_list(monkeypatch):
    for module in ("dashboard.views.students", "dashboard.selectors.students"):
        monkeypatch.setattr(f"{module}.MOST", 2)


@pytest.mark.usefixtures("_short_list")
def test_what_is_found_beyond_the_first_thousands_is_not_listed_but_exported(staff_client):
    make.UserFactory.create_batch(3)

    answer = staff_client.get(URL, {"q": "person"})
    table = staff_client.get(f"{URL}export/", {"q": "person"}).getvalue().decode().splitlines()

    assert (len(answer.context["lines"]), len(table)) == (2, 4)
    assert "More than 2 found; the first 2 are listed" in answer.text
    assert "Export all as CSV" in answer.text


@pytest.mark.usefixtures("_short_list")
def test_exactly_as_many_as_are_listed_are_all(staff_client):
    make.UserFactory.create_batch(2)

    assert "2 found</p>" in staff_client.get(URL, {"q": "person"}).text


@pytest.mark.usefixtures("_short_list")
def test_without_a_filter_everybody_is_listed(staff_client):
    make.UserFactory.create_batch(3)

    assert "3 in all</p>" in staff_client.get(URL).text


@pytest.mark.parametrize("page", ["0", "-1", "x", "99"])
def test_a_page_that_is_none_is_the_nearest(staff_client, student, page):
    assert len(staff_client.get(URL, {"page": page}).context["lines"]) == 1


def test_a_course_finds_who_takes_it_or_holds_a_right_to_it(ask, camera):
    make.CourseEnrollmentFactory(user=learner("Takes"), course=camera)
    make.CourseAccessFactory(user=learner("Holds"), course=camera)
    make.CourseAccessFactory(user=learner("Member"), course=None, tier_level=2)
    make.CourseAccessFactory(user=learner("Too low"), course=None, tier_level=1)
    make.CourseAccessFactory(user=learner("Elsewhere"))

    assert ask(course="camera", sort="name") == ["Holds", "Member", "Takes"]


def test_a_cohort_finds_its_present_members(ask):
    cohort = make.CohortFactory()
    make.CohortMembershipFactory(user=learner("In"), cohort=cohort)
    make.CohortMembershipFactory(user=learner("Gone"), cohort=cohort, left_at=NOW)

    assert ask(cohort=cohort.pk) == ["In"]


STATES = {
    "Open": ("active", {}),
    "Over": ("expired", {"expires_at": NOW + DAY}),
    "Revoked": ("expired", {"status": "revoked", "revoked_at": NOW, "revocation_reason": "x"}),
    "Locked": ("expired", {"status": "locked"}),
    "Waits": ("waiting", {"status": "pending", "starts_at": None}),
    "Waited in vain": ("expired", {"status": "pending", "starts_at": None, "expires_at": NOW + DAY}),
}


@pytest.mark.parametrize("name", STATES)
def test_the_state_follows_from_the_rights(staff_client, ask, name):
    state, fields = STATES[name]
    make.CourseAccessFactory(user=learner(name), **fields)

    found = {each: ask(state=each) for each in ("active", "waiting", "expired", "suspended", "none")}

    assert {each for each, names in found.items() if names == [name]} == {state}
    assert staff_client.get(URL).context["lines"][0].state == state


def test_a_suspension_comes_before_every_right(ask, camera):
    user = learner("Sue")
    make.CourseAccessFactory(user=user, course=camera)
    make.SuspensionFactory(user=user, course=camera)

    assert (ask(state="suspended"), ask(state="active"), ask(state="none")) == (["Sue"], [], [])


def test_with_a_course_the_state_is_the_one_in_this_course(staff_client, camera):
    user = learner("Sue")
    make.CourseAccessFactory(user=user, course=camera)
    make.SuspensionFactory(user=user)

    assert columns(staff_client.get(URL)) == [(0, None, "Suspended")]
    assert columns(staff_client.get(URL, {"course": "camera"})) == [(0, None, "Active")]


def test_with_a_course_the_lapsed_are_those_of_this_course(ask, camera):
    lapsed = learner("Lapsed here")
    make.CourseAccessFactory(user=lapsed, course=camera, expires_at=NOW + DAY)
    make.CourseAccessFactory(user=lapsed)
    make.CourseAccessFactory(user=learner("Lapsed elsewhere"), expires_at=NOW + DAY)

    assert (ask(course="camera", state="expired"), ask(state="expired")) == (["Lapsed here"], ["Lapsed elsewhere"])


def test_with_a_course_access_that_ends_soon_is_access_to_it(ask, camera):
    soon = timezone.now() + DAY
    make.CourseAccessFactory(user=learner("Here"), course=camera, expires_at=soon)
    make.CourseAccessFactory(user=learner("Elsewhere"), expires_at=soon)

    assert (ask(course="camera", state="ending"), ask(state="ending", sort="name")) == (["Here"], ["Elsewhere", "Here"])


def test_whoever_never_had_anything_has_no_access(staff_client, student):
    assert columns(staff_client.get(URL, {"state": "none"})) == [(0, None, "No access")]


@pytest.mark.parametrize(("asked", "names"), [("7", ["Now"]), ("30", ["Now", "Then"]), ("quiet", ["Never", "Once"])])
def test_last_active_goes_by_what_was_learned(ask, asked, names):
    learner("Never")
    for name, days in {"Now": 1, "Then": 20, "Once": 40}.items():
        make.CourseProgressFactory(user=learner(name), last_active_at=timezone.now() - days * DAY)

    assert ask(active=asked, sort="name") == names


def test_the_columns_count_courses_and_name_the_latest_day(staff_client, student):
    make.CourseEnrollmentFactory.create_batch(2, user=student)
    make.CourseProgressFactory(user=student, last_active_at=NOW)
    make.CourseProgressFactory(user=student, last_active_at=NOW - DAY)

    assert columns(staff_client.get(URL)) == [(2, NOW, "No access")]


@pytest.mark.parametrize(("sort", "names"), [("name", "abC"), ("email", "Cba"), ("newest", "aCb"), ("oldest", "bCa")])
def test_the_order_is_the_one_asked_for(ask, sort, names):
    for name, email in (("b", "y"), ("C", "x"), ("a", "z")):
        learner(name, email=f"{email}@example.com")

    assert "".join(ask(sort=sort)) == names


@pytest.mark.parametrize("query", [{"course": "none"}, {"cohort": "x"}, {"state": "x"}, {"q": "\0"}, {"course": "\0"}])
def test_a_filter_that_is_none_says_so_at_its_field(staff_client, student, query):
    answer = staff_client.get(URL, query)

    assert (answer.status_code, len(answer.context["lines"]), "field-error" in answer.text) == (200, 1, True)


def test_a_name_is_text(staff_client):
    learner("<script>alert(1)</script>")

    assert "<script>alert(1)" not in staff_client.get(URL).text


def test_the_number_of_queries_does_not_grow(staff_client, max_queries):
    counts = []
    for more in (3, 297):
        for user in make.UserFactory.create_batch(more, password="!"):
            make.CourseAccessFactory(user=user)
        with max_queries(12) as queries:
            staff_client.get(URL, {"state": "active", "q": "person", "active": "quiet"})
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_table_to_keep_holds_all_that_were_found(staff_client):
    make.UserFactory.create_batch(51)
    learner("Ben", email="ben@other.example")

    lines = staff_client.get(f"{URL}export/", {"q": "person"}).getvalue().decode().splitlines()

    assert (len(lines), lines[0]) == (52, "\ufeffName,E-mail,Joined,Courses,Last active,State")


def test_the_table_to_keep_says_what_the_list_says(staff_client):
    user = learner("=1+1", email="ben@example.com", date_joined=NOW)
    make.CourseProgressFactory(user=user, last_active_at=NOW)

    lines = staff_client.get(f"{URL}export/").getvalue().decode().splitlines()

    assert lines[1] == "'=1+1,ben@example.com,2026-03-02 10:00,0,2026-03-02 10:00,No access"


def test_the_table_takes_two_queries_for_two_hundred_students(staff_client):
    make.UserFactory.create_batch(60)

    with counted_queries() as queries:
        staff_client.get(f"{URL}export/").getvalue()

    assert len(queries) <= 6
