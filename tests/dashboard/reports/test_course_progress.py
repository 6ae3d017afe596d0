"""Who is where in a course: the list, its filters, orders and export."""

from datetime import timedelta

import pytest

from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
URL = "/dashboard/courses/bread/progress/"
DAY = timedelta(days=1)


@pytest.fixture
def course():
    return make.CourseFactory(title="Bread", slug="bread", lesson_count=4)


@pytest.fixture
def learner(course):
    """`learner(name, done=, days=)`: joined, with so many lessons done so many days ago; days None: not begun."""

    def build(name, done=0, days=None, completed_at=None, joined=0, **fields):
        user = make.UserFactory(name=name, **fields)
        at = NOW - joined * DAY
        make.CourseEnrollmentFactory(user=user, course=course, enrolled_at=at, completed_at=completed_at)
        if days is not None:
            active_at = NOW - days * DAY
            make.CourseProgressFactory(user=user, course=course, completed_lessons=done, last_active_at=active_at)
        return user

    return build


@pytest.fixture
def _class(learner):
    learner("New")
    learner("Going", done=2, days=14, joined=3)
    learner("stuck", done=1, days=15, joined=2)
    learner("Done", done=4, days=20, completed_at=NOW, joined=1)


@pytest.fixture
def ask(staff_client):
    return lambda **query: [place.student.name for place in staff_client.get(URL, query).context["places"]]


@pytest.mark.usefixtures("_class")
@pytest.mark.parametrize(
    ("stage", "names"),
    [("", 4), ("new", ["New"]), ("started", ["Going", "stuck"]), ("stuck", ["stuck"]), ("completed", ["Done"])],
)
def test_a_stage_finds_who_is_there(ask, stage, names):
    found = ask(stage=stage, sort="name")

    assert found == (["Done", "Going", "New", "stuck"] if names == 4 else names)


@pytest.mark.usefixtures("_class")
@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("active", ["Going", "stuck", "Done", "New"]),
        ("quiet", ["New", "Done", "stuck", "Going"]),
        ("most", ["Done", "Going", "stuck", "New"]),
        ("least", ["New", "stuck", "Going", "Done"]),
        ("name", ["Done", "Going", "New", "stuck"]),
        ("joined", ["New", "Done", "stuck", "Going"]),
    ],
)
def test_the_order_is_the_one_asked_for(ask, sort, names):
    assert ask(sort=sort) == names


@pytest.mark.usefixtures("_class")
def test_the_number_at_each_stage_is_told_and_leads_there(staff_client):
    text = staff_client.get(URL).text

    for stage, words in {"new": "Not started: 1", "started": "In progress: 2", "stuck": "Stuck for 14 days: 1"}.items():
        assert f'<a href="?stage={stage}">{words}</a>' in text


def test_search_finds_parts_of_name_and_address(ask, learner):
    learner("Ana Rose", email="ana@example.com")
    learner("Ben", email="ben@example.com")

    assert (ask(q="rose ana"), ask(q="BEN@")) == (["Ana Rose"], ["Ben"])


def test_only_who_joined_this_course_and_is_not_staff_is_there(ask, learner, course):
    learner("In")
    learner("Staff", is_staff=True)
    make.CourseProgressFactory(course=course)
    make.CourseEnrollmentFactory()

    assert ask() == ["In"]


def test_another_courses_progress_is_not_shown(staff_client, learner):
    user = learner("In")
    make.CourseProgressFactory(user=user, completed_lessons=3)

    (place,) = staff_client.get(URL).context["places"]

    assert (place.done, place.active_at, place.stage.label) == (0, None, "Not started")


def test_a_line_says_how_far_and_leads_to_the_student_and_the_inspector(staff_client, learner, course):
    user = learner("In", done=3, days=1, email="in@example.com")
    make.CourseAccessFactory(user=user, course=course)

    text = staff_client.get(URL).text

    for words in (
        f'href="/dashboard/students/{user.pk}/bread/"', "3 of 4 lessons", "In progress", "Active",
        'href="/dashboard/access/inspect/?student=in%40example.com&amp;what=%2Fcourses%2Fbread%2F"',
    ):  # fmt: skip
        assert words in text


def test_a_course_without_lessons_has_no_share(staff_client, learner, course):
    course.lesson_count = 0
    course.save()
    learner("In")

    assert "no lessons" in staff_client.get(URL).text


def test_nobody_yet_and_nobody_found_are_told_apart(staff_client, course):
    empty, narrowed = staff_client.get(URL).text, staff_client.get(URL, {"q": "x"}).text

    assert ("No students yet" in empty, "No student found" in narrowed) == (True, True)


@pytest.mark.parametrize("query", [{"stage": "x"}, {"sort": "x"}, {"q": "\0"}, {"q": "x" * 10_000}])
def test_a_filter_that_is_none_says_so_at_its_field(staff_client, learner, query):
    learner("In")

    answer = staff_client.get(URL, query)

    assert (answer.status_code, len(answer.context["places"]), "field-error" in answer.text) == (200, 1, True)


@pytest.mark.parametrize("page", ["0", "x", "99"])
def test_a_page_that_is_none_is_the_nearest(staff_client, learner, page):
    learner("In")

    assert len(staff_client.get(URL, {"page": page}).context["places"]) == 1


@pytest.mark.parametrize("slug", ["none", "x" * 300])
def test_another_course_is_not_found(staff_client, slug):
    for address in (f"/dashboard/courses/{slug}/progress/", f"/dashboard/courses/{slug}/progress/export/"):
        assert staff_client.get(address).status_code == 404


def test_the_number_of_queries_does_not_grow(staff_client, learner, max_queries):
    counts = []
    for more in (1, 59):
        for number in range(more):
            learner(f"{more} {number}", password="!", days=number)
        with max_queries(12) as queries:
            staff_client.get(URL, {"q": "9", "stage": "started"} if more == 59 else {})
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_table_to_keep_holds_all_that_were_found_in_their_order(staff_client, learner):
    learner("=Ana", email="ana@example.com", done=1, days=0, joined=1)
    learner("Ben", email="ben@example.com")

    answer = staff_client.get(f"{URL}export/", {"sort": "most"})

    assert answer.getvalue().decode().splitlines() == [
        '\ufeffName,E-mail,Joined,Lessons completed,Lessons,"Progress, %",Stage,Last active,Access',
        "'=Ana,ana@example.com,2026-03-01 10:00,1,4,25,In progress,2026-03-02 10:00,No access",
        "Ben,ben@example.com,2026-03-02 10:00,0,4,0,Not started,,No access",
    ]
    assert 'filename="progress-bread-2026-03-02.csv"' in answer["Content-Disposition"]


def test_the_pages_of_the_course_are_offered_once(staff_client, course):
    text = staff_client.get(f"/dashboard/courses/{course.slug}/progress/").content.decode()

    assert text.count(f'href="/dashboard/courses/{course.slug}/outline/"') == 1
