"""The settings of a course: everything on one form, refused at the field, in the words of who may only look."""

from datetime import UTC, datetime

import pytest

from access.models import Tier
from accounts.models import StaffAction
from catalog.models import Course, OldCourseSlug
from catalog.services import require_first
from tests import factories as make
from tests.dashboard.course_forms import errors, save, written
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_media")]


@pytest.fixture
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def course():
    return make.CourseFactory(title="Bread", slug="bread")


def stored():
    return Course.objects.get(slug="bread")


def test_a_new_course_leads_to_its_settings(owner_client):
    answer = owner_client.post("/dashboard/courses/add/", {"title": "Sour Dough", "slug": ""})

    assert (answer.status_code, answer.url) == (302, "/dashboard/courses/sour-dough/")
    assert Course.objects.get().status == "draft"


REFUSED_ADDRESSES = {
    "add": "“add” is an address of the site itself. Choose another.",
    "bread": "Another course has this address.",
    "gone": "A course in the trash has this address. Restore it, or choose another.",
    "sour dough": "Use letters without accents, numbers and hyphens, like first-steps.",
    "bröd": "Use letters without accents, numbers and hyphens, like first-steps.",
}


@pytest.mark.parametrize("slug", REFUSED_ADDRESSES)
def test_a_new_course_is_refused_a_wrong_address(owner_client, course, slug):
    make.CourseFactory(slug="gone", status="draft", trashed_at=NOW)

    answer = owner_client.post("/dashboard/courses/add/", {"title": "Rolls", "slug": slug})

    assert (answer.status_code, errors(answer)) == (422, {"slug": [REFUSED_ADDRESSES[slug]]})


def test_a_title_without_letters_needs_an_address(owner_client):
    answer = owner_client.post("/dashboard/courses/add/", {"title": "!!!", "slug": ""})

    assert errors(answer) == {"slug": ["Use letters without accents, numbers and hyphens, like first-steps."]}


def test_a_new_course_needs_a_title(owner_client):
    assert errors(owner_client.post("/dashboard/courses/add/", {})) == {"title": ["Give the course a title."]}


def test_an_address_that_was_taken_a_moment_ago_is_told_at_the_field(owner_client, course, monkeypatch):
    monkeypatch.setattr("dashboard.forms.courses.clean_address", lambda slug, *_: slug)
    taken = "Another course, perhaps one in the trash, has this address."
    make.CourseFactory(slug="rolls")

    answers = [
        owner_client.post("/dashboard/courses/add/", {"title": "Bread", "slug": "bread"}),
        save(owner_client, "bread", slug="rolls"),
    ]

    assert [(answer.status_code, errors(answer)) for answer in answers] == [(422, {"slug": [taken]})] * 2


def test_every_setting_is_saved(owner_client, course):
    category, before = make.CategoryFactory(), make.CourseFactory()
    said = {
        "title": "Sour dough", "short_description": "Bake.", "description": "**Oven**", "category": category.pk,
        "tags": "Oven, Sour Dough", "course_type": "special", "special_tag": "New", "estimated_minutes": "90",
        "display_order": "3", "instructor_name": "Ana", "instructor_bio": "Bakes.", "coach_name": "Coach",
        "discussion_url": "example.com/chat", "status": "locked", "visibility": "hidden",
        "enrollment_method": "subscription_only", "required_level": "2", "access_duration_type": "fixed_days",
        "access_duration_days": "30", "prerequisites": [before.pk], "required_quiz_score": "70",
        "exam_unlock_days": "5", "is_accredible_certified": "on", "has_asset_templates": "on",
    }  # fmt: skip

    answer = save(owner_client, "bread", **said)

    assert (answer.status_code, answer.url) == (302, "/dashboard/courses/bread/")
    saved, skipped = stored(), {"category", "tags", "discussion_url", "prerequisites"}
    kept = {name: str(getattr(saved, name)).replace("True", "on") for name in said if name not in skipped}
    assert kept == {name: value for name, value in said.items() if name not in skipped}
    assert (saved.category, saved.discussion_url) == (category, "https://example.com/chat")
    assert list(saved.tags.order_by("slug").values_list("slug", flat=True)) == ["oven", "sour-dough"]
    assert list(saved.prerequisites.all()) == [before]


def test_the_page_shows_what_was_saved(owner_client, course):
    said = {"tags": "Oven, flour", "title": "Rolls & buns"}
    save(owner_client, "bread", **said)

    sent = written(owner_client, "bread")

    assert (sent["tags"], sent["title"]) == ("flour, oven", "Rolls & buns")


def test_saving_without_a_change_changes_nothing(owner_client, course):
    Course.objects.update(
        access_duration_type="until_date",
        access_until=datetime(2027, 5, 31, 16, 0, 59, tzinfo=UTC),
        thumbnail="courses/p.png",
    )
    before = Course.objects.values().get()

    save(owner_client, "bread")

    after = Course.objects.values().get()
    del before["updated_at"], before["search_text"], after["updated_at"], after["search_text"]
    assert (after, StaffAction.objects.get().detail) == (before, "")


def test_a_moment_is_on_the_clock_of_who_writes_it(owner, owner_client, course):
    owner.time_zone = "Asia/Tokyo"
    owner.save()

    save(owner_client, "bread", access_duration_type="until_date", access_until="2027-05-31T18:00")

    assert stored().access_until == datetime(2027, 5, 31, 9, 0, tzinfo=UTC)
    page = owner_client.get("/dashboard/courses/bread/").text
    assert ('value="2027-05-31T18:00"' in page, "On the clock of Tokyo" in page) == (True, True)


def test_what_the_length_of_access_does_not_use_is_emptied(owner_client, course):
    Course.objects.update(access_duration_type="fixed_days", access_duration_days=30)

    save(owner_client, "bread", access_duration_type="lifetime")

    assert stored().access_duration_days is None


LEVEL = "A membership opens what is sold or for members. With “{}” choose none."
CONTRADICTIONS = [
    ({"enrollment_method": "subscription_only"}, {"required_level": ["Choose the membership they need."]}),
    ({"enrollment_method": "open", "required_level": "1"}, {"required_level": [LEVEL.format("Free")]}),
    ({"enrollment_method": "invite_only", "required_level": "1"}, {"required_level": [LEVEL.format("By invitation")]}),
    ({"enrollment_method": "cohort_only", "required_level": "1"}, {"required_level": [LEVEL.format("Cohorts")]}),
    ({"access_duration_type": "fixed_days"}, {"access_duration_days": ["Say how many days access lasts."]}),
    ({"access_duration_type": "until_date"}, {"access_until": ["Say until when access lasts."]}),
    (
        {"required_quiz_score": "70"},
        {"required_quiz_score": ["Choose the courses to complete first, or leave the score empty."]},
    ),
]


@pytest.mark.parametrize(("said", "told"), CONTRADICTIONS, ids=[str(said) for said, _ in CONTRADICTIONS])
def test_settings_that_contradict_are_refused_at_the_field(owner_client, course, said, told):
    answer = save(owner_client, "bread", title="Rolls", **said)

    assert (answer.status_code, errors(answer), stored().title) == (422, told, "Bread")
    assert ("<title>Error:" in answer.text, 'value="Rolls"' in answer.text) == (True, True)


WRONG = {
    "title": ["", "x" * 201, "a\0b"],
    "slug": ["", "add", "a b", "x" * 121, "a\0b"],
    "description": ["x" * 200_001, "a\0b"],
    "category": ["x", "9" * 30, str(2**63), "-1"],
    "tags": ["x" * 51, ",".join(f"t{n}" for n in range(21)), "a\0b", "x" * 1001],
    "course_type": ["no-such"],
    "estimated_minutes": ["", "-1", "1.5", str(2**63), "1e400", "nan", "x"],
    "display_order": ["32768"],
    "discussion_url": ["javascript:alert(1)", "http://[::1", "x" * 400],
    "status": ["", "no-such"],
    "visibility": ["no-such"],
    "enrollment_method": ["no-such"],
    "required_level": ["9", "x", ""],
    "access_until": ["tomorrow", "9999-12-31T23:59", "0001-01-01T00:00", "1999-01-01T00:00"],
    "prerequisites": ["x", str(2**63), "-1", "0"],
    "required_quiz_score": ["101"],
    "exam_unlock_days": ["3651"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_wrong_input_is_told_at_its_field_and_nothing_saved(owner_client, course, name, value):
    answer = save(owner_client, "bread", instructor_name="Ana", **{name: value})

    assert (answer.status_code, name in errors(answer), stored().instructor_name) == (422, True, "")


def test_a_form_without_anything_is_told_of_everything(owner_client, course):
    answer = owner_client.post("/dashboard/courses/bread/", {})

    assert (answer.status_code, errors(answer)["title"]) == (422, ["Give the course a title."])


def test_a_circle_is_told_at_the_field(owner_client, course):
    before = make.CourseFactory(title="Camera")
    require_first(before, [course])

    answer = save(owner_client, "bread", prerequisites=[before.pk])

    assert errors(answer) == {"prerequisites": ["“Camera” itself waits for “Bread”."]}


def test_a_circle_that_was_closed_a_moment_ago_is_told_too(owner_client, course, monkeypatch):
    before = make.CourseFactory(title="Camera")
    require_first(before, [course])
    monkeypatch.setattr("dashboard.forms.courses.refuse_cycle", lambda *_: None)

    answer = save(owner_client, "bread", prerequisites=[before.pk])

    assert errors(answer) == {"prerequisites": ["“Camera” itself waits for “Bread”."]}


def test_a_course_does_not_come_before_itself(owner_client, course):
    answer = save(owner_client, "bread", prerequisites=[course.pk])

    assert list(errors(answer)) == ["prerequisites"]


def test_what_comes_first_and_lies_in_the_trash_stays_first(owner_client, course):
    gone = make.CourseFactory(title="Gone")
    require_first(course, [gone])
    Course.objects.filter(pk=gone.pk).update(status="draft", trashed_at=NOW)

    save(owner_client, "bread", title="Rolls")

    assert list(course.prerequisites.all()) == [gone]


def test_the_old_address_leads_to_the_new(owner_client, client, course):
    answer = save(owner_client, "bread", slug="rolls")

    assert (answer.url, OldCourseSlug.objects.get().slug) == ("/dashboard/courses/rolls/", "bread")
    assert client.get("/courses/bread/").headers["Location"] == "/courses/rolls/"


def test_memberships_are_named(owner_client, course):
    Tier.objects.filter(level=2).update(name="Gold")

    assert "Gold or higher" in owner_client.get("/dashboard/courses/bread/").text


def test_who_only_looks_reads_the_settings_in_words(staff_client, course):
    require_first(course, [make.CourseFactory(title="Camera")])
    Course.objects.filter(pk=course.pk).update(
        access_duration_type="until_date", access_until=NOW, thumbnail="courses/p.png"
    )
    course.tags.add(make.TagFactory(slug="oven"))

    groups = dict(staff_client.get("/dashboard/courses/bread/").context["groups"])

    assert dict(groups["Before and after"])["Courses to complete first"] == "Camera"
    assert dict(groups["Who gets in"])["Until"] == "Mon 2 March 2026, 10:00 (Paris)"
    assert dict(groups["What it is"])["Tags"] == "oven"
    assert dict(groups["Pictures"]) == {
        "Thumbnail": "the picture that is there",
        "Cover": "no picture",
        "Logo": "no picture",
    }
    assert dict(groups["Who sees it"])["Who finds it"] == "Public: everybody finds it"


def test_who_only_looks_saves_nothing(owner_client, staff_client, course):
    answer = staff_client.post("/dashboard/courses/bread/", written(owner_client, "bread", title="Rolls"))

    assert (answer.status_code, stored().title) == (403, "Bread")


@pytest.mark.parametrize("slug", ["nothing", "gone"])
def test_settings_of_no_course_are_not_found(owner_client, slug):
    make.CourseFactory(slug="gone", status="draft", trashed_at=NOW)

    assert owner_client.get(f"/dashboard/courses/{slug}/").status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_settings_cost_12_queries_however_much_hangs_on_them(owner_client, course, count, max_queries):
    require_first(course, make.CourseFactory.create_batch(count))
    course.tags.add(*make.TagFactory.create_batch(count))

    with max_queries(12):
        owner_client.get("/dashboard/courses/bread/")
