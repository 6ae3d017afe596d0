"""Categories and tags: listed, added, named, put in order, taken away from their courses."""

import pytest

from accounts.models import StaffAction
from catalog.models import Category, Course, Tag
from catalog.services import recount_lessons
from tests import factories as make
from tests.conftest import counted_queries
from tests.dashboard.undo import told

pytestmark = pytest.mark.django_db
CATEGORIES = "/dashboard/categories/"
TAGS = "/dashboard/tags/"


@pytest.fixture
def food():
    return make.CategoryFactory(name="Food", slug="food", order=1)


@pytest.fixture
def oven():
    return make.TagFactory(slug="oven")


def names():
    return list(Category.objects.order_by("order").values_list("name", flat=True))


def actions():
    return list(StaffAction.objects.order_by("pk").values_list("verb", "kind", "label", "detail"))


def errors(answer):
    return answer.status_code, {name: list(found) for name, found in answer.context["form"].errors.items()}


@pytest.mark.parametrize(("url", "says"), [(CATEGORIES, "No category yet"), (TAGS, "No tag yet")])
def test_an_empty_list_says_so(staff_client, url, says):
    assert says in staff_client.get(url).text


def test_the_list_counts_the_courses(staff_client, food, oven):
    make.CourseFactory(category=food).tags.add(oven)
    make.CourseFactory(category=food, status="draft", trashed_at=make.NOW).tags.add(oven)

    counts = [
        [each.course_count for each in staff_client.get(CATEGORIES).context["categories"]],
        [each.course_count for each in staff_client.get(TAGS).context["page"]],
    ]

    assert counts == [[1], [1]]


@pytest.mark.parametrize("url", [CATEGORIES, TAGS])
def test_who_only_looks_is_offered_nothing(staff_client, food, oven, url):
    text = staff_client.get(url).text

    assert ("Delete…" in text, "Add " in text) == (False, False)


@pytest.mark.parametrize("count", [1, 60])
def test_the_lists_cost_the_same_however_long(staff_client, count):
    make.CategoryFactory.create_batch(count)
    make.TagFactory.create_batch(count)

    with counted_queries() as categories:
        staff_client.get(CATEGORIES)
    with counted_queries() as tags:
        staff_client.get(TAGS)

    assert (len(categories), len(tags)) == (5, 6)


def test_a_category_is_added_at_the_end(owner_client, food):
    owner_client.post(f"{CATEGORIES}add/", {"name": "Light & sound", "slug": ""})

    added = Category.objects.get(name="Light & sound")
    assert (added.slug, names()) == ("light-sound", ["Food", "Light & sound"])
    assert actions() == [("created", "category", "Light & sound", "")]


def test_the_first_category_begins_the_row(owner_client):
    owner_client.post(f"{CATEGORIES}add/", {"name": "Food"})

    assert Category.objects.get().order == 0


def test_a_category_is_renamed(owner_client, food):
    owner_client.post(f"{CATEGORIES}{food.pk}/", {"name": "Meals", "slug": "meals"})

    assert (Category.objects.get().slug, actions()) == ("meals", [("changed", "category", "Meals", "Was “Food”")])


def test_another_address_alone_is_noted_too(owner_client, food):
    owner_client.post(f"{CATEGORIES}{food.pk}/", {"name": "Food", "slug": "meals"})

    assert actions() == [("changed", "category", "Food", "")]


WRONG_CATEGORIES = [
    ({"name": ""}, {"name": ["Give the category a name."]}),
    ({"name": "x" * 81}, {"name": ["Ensure this value has at most 80 characters (it has 81)."]}),
    ({"name": "!"}, {"slug": ["Use letters without accents, numbers and hyphens, like first-steps."]}),
    (
        {"name": "Meals", "slug": "a b"},
        {"slug": ["Use letters without accents, numbers and hyphens, like first-steps."]},
    ),
    ({"name": "Meals", "slug": "food"}, {"slug": ["There is another with this address."]}),
]


@pytest.mark.parametrize(("said", "told_of"), WRONG_CATEGORIES, ids=[str(said)[:30] for said, _ in WRONG_CATEGORIES])
def test_a_wrong_category_is_told_at_the_field(owner_client, food, said, told_of):
    other = make.CategoryFactory()

    answers = [owner_client.post(f"{CATEGORIES}{page}", said) for page in ("add/", f"{other.pk}/")]

    assert [errors(answer) for answer in answers] == [(422, told_of)] * 2


MOVES = {"up": ["Light", "Food", "Sound"], "down": ["Food", "Sound", "Light"]}


@pytest.mark.parametrize("to", MOVES)
def test_a_category_moves_one_place(owner_client, food, to):
    light, _ = (make.CategoryFactory(name=name, order=1) for name in ("Light", "Sound"))

    answer = owner_client.post(f"{CATEGORIES}{light.pk}/move/", {"to": to})

    assert (answer.url, names()) == (f"{CATEGORIES}#category-{light.pk}", MOVES[to])
    assert actions() == [("moved", "category", "Light", f"To position {MOVES[to].index('Light') + 1} of 3")]


@pytest.mark.parametrize("to", ["up", "down"])
def test_at_the_end_of_the_row_nothing_moves(owner_client, food, to):
    owner_client.post(f"{CATEGORIES}{food.pk}/move/", {"to": to})

    assert (names(), actions()) == (["Food"], [])


def test_a_category_moves_nowhere_else(owner_client, food):
    assert owner_client.post(f"{CATEGORIES}{food.pk}/move/", {"to": "left"}).status_code == 400


def test_deleting_a_category_says_how_many_courses_lose_it(owner_client, food):
    make.CourseFactory.create_batch(2, category=food)
    page = owner_client.get(f"{CATEGORIES}{food.pk}/delete/").text

    owner_client.post(f"{CATEGORIES}{food.pk}/delete/")

    assert "2 courses will lose it. The courses stay." in page
    assert (names(), Course.objects.filter(category=None).count()) == ([], 2)
    assert actions() == [("deleted", "category", "Food", "Of 2 courses")]


def test_a_tag_is_added_in_its_one_spelling(owner_client):
    owner_client.post(f"{TAGS}add/", {"slug": "Sour Dough"})

    assert (Tag.objects.get().slug, told(owner_client)) == ("sour-dough", ["The tag sour-dough is added."])


def test_a_tag_is_renamed_also_for_search(owner_client, oven):
    course = make.CourseFactory()
    course.tags.add(oven)
    recount_lessons(course.pk)

    owner_client.post(f"{TAGS}{oven.pk}/", {"slug": "Stove"})

    assert ("stove" in Course.objects.get().search_text, "oven" in Course.objects.get().search_text) == (True, False)
    assert actions() == [("changed", "tag", "stove", "Was “oven”")]


def test_deleting_a_tag_takes_it_from_its_courses_and_their_search(owner_client, oven):
    course = make.CourseFactory()
    course.tags.add(oven)
    recount_lessons(course.pk)
    page = owner_client.get(f"{TAGS}{oven.pk}/delete/").text

    owner_client.post(f"{TAGS}{oven.pk}/delete/")

    assert ("1 course will lose it." in page, Tag.objects.count()) == (True, 0)
    assert "oven" not in Course.objects.get().search_text


def test_a_tag_of_no_course_says_so(owner_client, oven):
    assert "No course has it." in owner_client.get(f"{TAGS}{oven.pk}/delete/").text


WRONG_TAGS = {"": "Write the tag.", "!!!": "Use letters or numbers.", "x" * 51: "A tag has at most 50 letters.",
              "Oven": "There is another with this address."}  # fmt: skip


@pytest.mark.parametrize("slug", WRONG_TAGS)
def test_a_wrong_tag_is_told_at_the_field(owner_client, oven, slug):
    other = make.TagFactory()

    answers = [owner_client.post(f"{TAGS}{page}", {"slug": slug}) for page in ("add/", f"{other.pk}/")]

    assert [errors(answer) for answer in answers] == [(422, {"slug": [WRONG_TAGS[slug]]})] * 2


@pytest.mark.parametrize(("q", "found"), [("ove", ["oven"]), ("OVE", ["oven"]), ("x\0", []), ("", ["flour", "oven"])])
def test_tags_are_searched(staff_client, oven, q, found):
    make.TagFactory(slug="flour")

    assert [tag.slug for tag in staff_client.get(TAGS, {"q": q}).context["page"]] == found


def test_a_search_without_a_match_says_so(staff_client, oven):
    assert "No tag has “zz” in it." in staff_client.get(TAGS, {"q": "zz"}).text
