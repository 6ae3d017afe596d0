"""The gates: every address of the resolver, every role, one table. An address that is in no table fails the build."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.conftest import client_of
from tests.factories import (
    AppliedBatchFactory,
    BundleCourseFactory,
    CategoryFactory,
    CohortFactory,
    PathStepFactory,
    TagFactory,
)
from tests.gates_of_outlines import ADMIN_API, BUILDER, BUILDER_FORMS, MOVED
from tests.threats.world import ENROLLED, HOLDERS, ROLES
from tests.urls_of_site import admin_addresses, site_addresses

pytestmark = pytest.mark.django_db

PUBLIC = {
    "home", "course_list", "search", "course_image", "course_detail", "lesson_by_position", "lesson_detail",
    "lesson_material", "lesson_picture", "lesson_captions", "path_list", "path_detail", "bundle_detail",
    "help", "legal", "pricing", "theme", "healthz", "robots", "sitemap",
    "account_login", "account_logout", "account_signup", "account_inactive", "account_confirm_email",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "mfa_authenticate", "mfa_login_webauthn",
    # The API answers visitors itself; the table below says how.
    "api:update_progress", "api:complete_lesson", "api:list_courses", "api:get_course", "api:get_unit",
    "api:toggle_unit", "api:favorite", "api:enroll_in_cohort", "api:unenroll_from_cohort", "api:api-root",
    *ADMIN_API, *MOVED,
}  # fmt: skip
ADMIN_PUBLIC = {"admin:login"}


def everyone(status=200):
    return dict.fromkeys(ROLES, status)


def signed_in(status=200, *, anonymous=302):
    return everyone(status) | {"anonymous": anonymous}


def holders(status=200, *, others, anonymous=None):
    refused = everyone(others) | {"anonymous": anonymous or others}
    return refused | dict.fromkeys(HOLDERS, status)


def joiners(status=200, *, others, anonymous):
    """Who holds an open right of their own, joined or not, whatever drip says."""
    refused = everyone(others) | {"anonymous": anonymous}
    holding = {"active", "tier", "must_join", "member", "dripped"}
    return refused | dict.fromkeys(holding.intersection(ROLES), status)


def staff_pages(status=200):
    return everyone(403) | {"anonymous": 302, "staff": status}


def staff_machines(status):
    return everyone(403) | {"anonymous": 401, "staff": status}


# Of cohorts, bundles and paths alike.
GROUPS = [f"dashboard:{noun}" for noun in ("cohort", "bundle", "path")]
GROUP_FORMS = {f"{noun}_{page}" for noun in GROUPS for page in ("add", "edit", "delete", "courses")}
GROUP_LISTS = ("list", "list_export", "detail", "export")
GROUP_PAGES = GROUP_FORMS | {f"{noun}_{page}" for noun in GROUPS for page in GROUP_LISTS}
GROUP_CHANGES = {f"{noun}_{page}" for noun in GROUPS for page in ("restore", "grant")}

# Of courses, categories and tags.
COURSE_FORMS = {
    *(f"dashboard:course_{page}" for page in ("add", "edit", "delete")),
    *(f"dashboard:{noun}_{page}" for noun in ("category", "tag") for page in ("add", "edit", "delete")),
}
COURSE_LISTS = ("course_list", "course_export", "category_list", "tag_list")
COURSE_PAGES = COURSE_FORMS | {f"dashboard:{page}" for page in COURSE_LISTS}
COURSE_CHANGES = {"dashboard:course_publish", "dashboard:category_move"}

# Of one student, and of a row that the address names in its query.
STUDENT_ROWS = (
    "extend_access revoke_access lock_access unlock_access activate_access suspend reset_progress "
    "reinstate remove_cohort remove_path end_bundle"
)

# name: the method it is for, and what each role gets. 302 for a visitor is always the log-in page.
TABLE = {
    **{f"dashboard:student_{page}": ("GET", staff_pages(404)) for page in STUDENT_ROWS.split()},
    "home": ("GET", everyone()),
    "course_list": ("GET", everyone()),
    "search": ("GET", everyone()),
    "course_image": ("GET", everyone(404)),
    "course_detail": ("GET", everyone()),
    "lesson_detail": ("GET", holders(others=403)),
    "lesson_by_position": ("GET", everyone(301)),
    "lesson_material": ("GET", holders(others=404)),
    "lesson_picture": ("GET", holders(others=404)),
    "lesson_captions": ("GET", holders(others=404)),
    "path_list": ("GET", everyone()),
    "path_detail": ("GET", everyone()),
    "path_join": ("POST", signed_in(302)),
    "bundle_detail": ("GET", everyone()),
    "help": ("GET", everyone()),
    "legal": ("GET", everyone()),
    "pricing": ("GET", everyone()),
    "healthz": ("GET", everyone()),
    "robots": ("GET", everyone()),
    "sitemap": ("GET", everyone()),
    "theme": ("POST", everyone(302)),
    "course_favorite": ("POST", signed_in(302)),
    "course_enroll": ("POST", signed_in(302)),
    "course_join": ("POST", signed_in(302)),
    "cohort_choose": ("POST", signed_in(302)),
    "cohort_join": ("POST", signed_in(302)),
    "cohort_leave": ("POST", signed_in(302)),
    "cohort_calendar": ("GET", signed_in(404)),
    "lesson_complete": ("POST", holders(302, others=403, anonymous=302)),
    "my_dashboard": ("GET", signed_in()),
    "course_progress": ("GET", signed_in(404) | dict.fromkeys(ENROLLED, 200)),
    "course_continue": ("GET", signed_in(302)),
    "dashboard:overview": ("GET", staff_pages()),
    "dashboard:activity": ("GET", staff_pages()),
    "dashboard:analytics": ("GET", staff_pages()),
    "dashboard:analytics_export": ("GET", staff_pages(404)),  # asks for a table by `?table=`
    "dashboard:course_progress": ("GET", staff_pages()),
    "dashboard:course_progress_export": ("GET", staff_pages()),
    "dashboard:student_course": ("GET", staff_pages()),
    "dashboard:undo": ("POST", staff_pages(302)),
    "dashboard:course_import": ("GET", staff_pages()),
    "dashboard:course_import_report": ("GET", staff_pages(404)),
    "dashboard:course_folder": ("GET", staff_pages()),
    **dict.fromkeys(COURSE_PAGES, ("GET", staff_pages())),
    **dict.fromkeys(COURSE_CHANGES, ("POST", staff_pages(400))),  # they name what is wanted
    "dashboard:trash": ("GET", staff_pages()),
    "dashboard:trash_restore_course": ("POST", staff_pages(302)),
    "dashboard:trash_restore_lesson": ("POST", staff_pages(302)),
    # These ask first who it is.
    "dashboard:trash_delete_course": ("GET", staff_pages(302)),
    "dashboard:trash_delete_lesson": ("GET", staff_pages(302)),
    "dashboard:lesson_list": ("GET", staff_pages()),
    "dashboard:lesson_export": ("GET", staff_pages()),
    "dashboard:lesson_add": ("GET", staff_pages()),
    "dashboard:lesson_edit": ("GET", staff_pages()),
    "dashboard:lesson_pictures": ("GET", staff_pages()),
    "dashboard:lesson_delete": ("GET", staff_pages()),
    "dashboard:lesson_preview": ("POST", staff_pages(404)),  # asks for a lesson by `?lesson=`
    "dashboard:lesson_video_check": ("POST", staff_pages()),
    "dashboard:student_list": ("GET", staff_pages()),
    "dashboard:student_export": ("GET", staff_pages()),
    "dashboard:student_selected": ("GET", staff_pages(302)),
    "dashboard:student_detail": ("GET", staff_pages()),
    "dashboard:access_inspect": ("GET", staff_pages()),
    "dashboard:bulk_list": ("GET", staff_pages()),
    "dashboard:bulk_sample": ("GET", staff_pages()),
    "dashboard:bulk_detail": ("GET", staff_pages()),
    "dashboard:bulk_export": ("GET", staff_pages()),
    "dashboard:bulk_continue": ("POST", staff_pages(302)),
    "dashboard:bulk_apply": ("POST", staff_pages(302)),  # asks for the password first
    "dashboard:bulk_undo": ("GET", staff_pages(302)),  # so does this
    "dashboard:bulk_grant": ("POST", staff_pages(400)),  # an empty call
    "dashboard:student_grant_access": ("GET", staff_pages()),
    "dashboard:student_grant_bundle": ("GET", staff_pages()),
    "dashboard:student_give_membership": ("GET", staff_pages()),
    "dashboard:student_add_cohort": ("GET", staff_pages()),
    "dashboard:student_add_path": ("GET", staff_pages()),
    # These ask for a row by `?access=` and the like: without one there is nothing.
    **{name: (method, staff_pages(status)) for name, (method, status) in BUILDER.items()},
    **dict.fromkeys(MOVED, ("GET", everyone(301))),
    **{name: (method, staff_machines(status)) for name, (method, status) in ADMIN_API.items()},
    **dict.fromkeys(GROUP_PAGES, ("GET", staff_pages())),
    **dict.fromkeys(GROUP_CHANGES, ("POST", staff_pages(302))),
    "dashboard:cohort_calendar": ("GET", staff_pages()),
    "dashboard:cohort_member_add": ("POST", staff_pages(422)),  # names nobody
    "dashboard:cohort_member_remove": ("GET", staff_pages(404)),  # is in another cohort
    "dashboard:tier_list": ("GET", staff_pages()),
    "dashboard:tier_edit": ("GET", staff_pages(302)),
    "dashboard:search": ("GET", staff_pages()),
    "dashboard:audit": ("GET", staff_pages()),
    "dashboard:audit_export": ("GET", staff_pages()),
    "dashboard:view_as": ("GET", staff_pages()),
    "dashboard:view_as_stop": ("POST", staff_pages(302)),
    "dashboard:staff_list": ("GET", staff_pages()),
    # These ask first who it is.
    "dashboard:staff_add": ("GET", staff_pages(302)),
    "dashboard:staff_role": ("GET", staff_pages(302)),
    "dashboard:staff_remove": ("GET", staff_pages(302)),
    "api:list_courses": ("GET", everyone()),
    "api:get_course": ("GET", everyone()),
    "api:get_unit": ("GET", holders(others=403)),
    "api:toggle_unit": ("POST", holders(others=403, anonymous=401)),
    "api:complete_lesson": ("POST", holders(others=403, anonymous=401)),
    "api:update_progress": ("POST", holders(others=403, anonymous=401)),
    "api:favorite": ("POST", signed_in(anonymous=401)),
    "api:enroll_in_cohort": ("POST", joiners(others=403, anonymous=401)),
    "api:unenroll_from_cohort": ("POST", signed_in(404, anonymous=401)),
}
# Forms: what is asked for by GET is done by POST at the same address; tests/dashboard is about what they do.
STUDENT_FORMS = (
    "selected grant_access extend_access revoke_access lock_access unlock_access activate_access give_membership "
    "suspend reset_progress reinstate add_cohort remove_cohort add_path remove_path grant_bundle end_bundle"
)
FORMS = {
    *(f"dashboard:student_{page}" for page in STUDENT_FORMS.split()),
    "dashboard:bulk_list", "dashboard:bulk_undo", "dashboard:course_import", "dashboard:course_import_report",
    "dashboard:lesson_add", "dashboard:lesson_edit", "dashboard:lesson_pictures", "dashboard:lesson_delete",
    "dashboard:trash_delete_course", "dashboard:trash_delete_lesson", "dashboard:view_as", "dashboard:staff_add",
    "dashboard:staff_role", "dashboard:staff_remove", "dashboard:cohort_member_remove", "dashboard:tier_edit",
    *COURSE_FORMS, *BUILDER_FORMS, *GROUP_FORMS,
}  # fmt: skip
# Pages of the account: what they do is tested in tests/accounts; here only that strangers stay outside.
ACCOUNT = {
    "account_login", "account_logout", "account_signup", "account_inactive", "account_confirm_email",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "account", "account_email", "account_change_password",
    "account_set_password",
    "account_reauthenticate", "usersessions_list", "mfa_authenticate", "mfa_login_webauthn", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn",
    "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn",
}  # fmt: skip
# The dashboard asks who is staff and nothing else of anybody; staff by role are in threats/test_staff_roles.py.
BEFORE_THE_DASHBOARD = ("anonymous", "none", "active", "suspended", "staff")
NOTHING = {"api:api-root"}  # answers 404 to everything
REGULAR = {"account_reset_password_from_key": "/password/reset/x-y/"}
SPELLINGS = [address for address in site_addresses() if address.name in TABLE or not address.name]


def test_every_address_is_in_a_table():
    assert {address.name for address in site_addresses()} - {""} == set(TABLE) | ACCOUNT | NOTHING


def test_the_root_of_the_api_is_nothing(client):
    assert client.get("/api/").json()["error"]["code"] == "not_found"


def test_an_address_without_a_name_is_a_spelling_of_one_that_has_one():
    named = {address.pattern for address in site_addresses() if address.name}

    assert [a.pattern for a in site_addresses() if not a.name and f"{a.pattern}/" not in named] == []


def test_exactly_these_pages_are_public():
    assert {address.name for address in site_addresses() if address.is_public and address.name} == PUBLIC


def test_exactly_one_page_of_the_admin_is_public():
    assert {address.name for address in admin_addresses() if address.is_public} == ADMIN_PUBLIC


@pytest.fixture
def world(world):
    default_storage.save("lessons/guarded/closed/picture.png", ContentFile(b"x"))
    return world


@pytest.fixture
def cohort(world):
    cohort = CohortFactory(starts_on=date(2026, 3, 2))
    cohort.courses.add(world.course)
    return cohort


@pytest.fixture
def offers(world):
    """A free path and a bundle at the address of the course."""
    step = PathStepFactory(path__slug="guarded", path__is_free=True, course=world.course)
    entry = BundleCourseFactory(bundle__slug="guarded", course=world.course)
    return {"path_id": step.path_id, "bundle_id": entry.bundle_id, "tier_level": 2}


@pytest.fixture
def shelves(world):
    """A category and a tag."""
    return {"category_id": CategoryFactory().pk, "tag_id": TagFactory().pk}


@pytest.fixture
def address_of(world, cohort, offers, shelves):
    values = shelves | {
        "slug": "guarded",
        "lesson_slug": "closed",
        "lesson_id": world.lesson.pk,
        "module_id": world.lesson.module_id,
        "rest": "1/edit",
        "course_id": world.course.pk,
        "module_number": 1,
        "lesson_number": 1,
        "material_id": world.material.pk,
        "cohort_id": cohort.pk,
        "student_id": world.people["active"].pk,
        "staff_id": world.people["staff"].pk,
        "import_id": 1,
        "batch_id": AppliedBatchFactory().pk,
        "name": "picture.png",
        "path": "none.png",
        "key": "k",
        "pk": 1,
    }
    return lambda address: REGULAR.get(address.name) or address.url(**values, **offers)


def method_of(address):
    name = address.name or next(a.name for a in site_addresses() if a.pattern == f"{address.pattern}/")
    return TABLE[name]


def visit(client, method, url):
    answer = client.get(url) if method == "GET" else client.generic(method, url, "{}", "application/json")
    if answer.streaming:
        answer.getvalue()  # closes the file
    return answer


@pytest.mark.parametrize("address", SPELLINGS, ids=lambda address: address.pattern)
def test_each_role_gets_what_the_table_says(clients, address_of, address):
    method, expected = method_of(address)
    roles = BEFORE_THE_DASHBOARD if address.name.startswith("dashboard:") else ROLES

    answers = {role: visit(clients[role], method, address_of(address)) for role in roles}

    assert {role: answer.status_code for role, answer in answers.items()} == {role: expected[role] for role in roles}
    if not address.is_public:
        assert answers["anonymous"].url.startswith("/login/?next=")


@pytest.mark.parametrize("address", SPELLINGS, ids=lambda address: address.pattern)
def test_other_methods_are_refused(clients, address_of, address):
    visitor = clients["active"]
    shared = {method_of(other)[0].lower() for other in SPELLINGS if other.pattern == address.pattern}
    methods = {"get", "post", "put", "patch", "delete", "options", "trace"} - shared
    methods -= {"post"} if address.name in FORMS else set()

    answers = {method: getattr(visitor, method)(address_of(address)).status_code for method in methods}

    assert answers == dict.fromkeys(methods, 405)


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_takes_nothing_from_who_may_not_see_it(clients, address_of, name):
    address = next(address for address in site_addresses() if address.name == name)
    roles = [role for role in BEFORE_THE_DASHBOARD if role != "staff"]

    answers = {role: visit(clients[role], "POST", address_of(address)).status_code for role in roles}

    assert answers == dict.fromkeys(answers, 403) | {"anonymous": 302}


def test_head_says_what_get_says_and_the_api_has_none(client, world, address_of):
    readable = [address for address in SPELLINGS if method_of(address)[0] == "GET" and address.is_public]

    for address in readable:
        expected = 405 if address.name.startswith("api:") else method_of(address)[1]["anonymous"]
        assert client.head(address_of(address)).status_code == expected, address


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_closed_account_page_sends_visitors_to_the_log_in_page(client, address_of, method):
    closed = [address for address in site_addresses() if address.name in ACCOUNT - PUBLIC]

    answers = {address.name: getattr(client, method)(address_of(address)) for address in closed}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 302)
    assert all(answer.url.startswith("/login/?next=") for answer in answers.values())


ADMIN_BLANKS = {"object_id": 1, "id": 1, "content_type_id": 1}


def admin_urls():
    names = [
        address for address in admin_addresses() if "(?P" not in address.pattern and address.name not in ADMIN_PUBLIC
    ]
    return {address.url(**ADMIN_BLANKS) for address in names} | {"/django-admin/catalog/", "/django-admin/nothing/"}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", ["anonymous", "none", "active", "suspended"])
def test_no_page_of_the_admin_opens_for_students(client, world, role, method):
    visitor = client if role == "anonymous" else client_of(world.people[role])

    answers = {url: getattr(visitor, method)(url).status_code for url in admin_urls()}

    assert {url: status for url, status in answers.items() if status not in {302, 403}} == {}


def test_staff_without_permissions_change_nothing_in_the_admin(staff_client):
    answers = {url: staff_client.get(url).status_code for url in admin_urls() if url.endswith(("/add/", "/delete/"))}

    assert set(answers.values()) <= {403, 302}


def test_the_admin_opens_for_its_staff(world):
    assert client_of(world.people["staff"]).get("/django-admin/").status_code == 200
