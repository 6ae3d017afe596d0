"""No GET writes: every address for every role, with the exceptions named here."""

import pytest

from tests.conftest import counted_queries
from tests.test_gates import ACCOUNT, TABLE
from tests.urls_of_site import site_addresses

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE")
# Each keeps a challenge in the session; the address page writes down the address of an account made by hand, once.
EXCEPTIONS = {
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_login_webauthn",
    "account_email",
}


# One for each way a page of a course may look: every other role gets one of these.
DIFFERENT = ("anonymous", "none", "active", "expired", "suspended", "pending", "must_join", "dripped", "staff")


@pytest.mark.parametrize("role", DIFFERENT)
def test_no_get_writes(clients, world, role):
    values = {
        "slug": "guarded", "lesson_slug": "closed", "lesson_id": world.lesson.pk, "course_id": world.course.pk,
        "module_number": 1, "lesson_number": 1, "material_id": world.material.pk, "cohort_id": 1,
        "category_id": 1, "tag_id": 1,
        "staff_id": world.people["staff"].pk, "path": "x.png", "name": "x.png", "key": "k", "pk": 1,
        "student_id": world.people["active"].pk,
        "module_id": world.lesson.module_id, "import_id": 1, "batch_id": 1, "rest": "1/edit",
        "bundle_id": 1, "path_id": 1, "tier_level": 2,
    }  # fmt: skip
    names = set(TABLE) | ACCOUNT - EXCEPTIONS
    addresses = [a.url(**values) for a in site_addresses() if a.name in names and "(?P" not in a.pattern]
    clients[role].get("/my-dashboard/")

    with counted_queries() as queries:
        for address in addresses:
            response = clients[role].get(address)
            if response.streaming:
                response.getvalue()

    assert [sql for sql in queries if sql.startswith(WRITES)] == []
