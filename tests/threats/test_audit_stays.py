"""T86: the logs can be read and not changed: no address, no page of Django's admin, no statement of the site's own."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.conftest import client_of
from tests.factories import AccessEventFactory, StaffActionFactory, StaffFactory
from tests.threats.state import unchanged
from tests.urls_of_site import admin_addresses, site_addresses

pytestmark = pytest.mark.django_db
LOGS = {"accounts/staffaction": StaffActionFactory, "access/accessevent": AccessEventFactory}
METHODS = ("post", "put", "patch", "delete")


@pytest.fixture
def client():
    """Of somebody with every right."""
    return client_of(StaffFactory(is_superuser=True))


@pytest.mark.parametrize("method", METHODS)
def test_the_pages_of_the_log_are_read_only(client, method):
    StaffActionFactory()
    pages = [each.url() for each in site_addresses() if "dashboard/audit/" in each.pattern]

    with unchanged():
        answers = {page: getattr(client, method)(page).status_code for page in pages}

    assert answers == {"/dashboard/audit/": 405, "/dashboard/audit/export/": 405}


@pytest.mark.parametrize("log", LOGS)
def test_no_form_of_the_admin_changes_a_line(client, log):
    row = LOGS[log]()
    start = f"/django-admin/{log}/"
    forms = [f"{start}add/", f"{start}{row.pk}/change/", f"{start}{row.pk}/delete/"]
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}

    with unchanged():
        answers = [
            client.post(form, {"reason": "Another", "verb": "Another", "post": "yes"}).status_code for form in forms
        ]
        client.post(start, chosen)

    assert answers == [403, 403, 403]


@pytest.mark.parametrize("log", LOGS)
def test_the_admin_shows_the_lines(client, log):
    row = LOGS[log]()

    assert [client.get(f"/django-admin/{log}/{page}").status_code for page in ("", f"{row.pk}/change/")] == [200, 200]


def test_the_admin_has_no_other_way_to_a_log():
    ways = {each.name.rpartition("_")[2] for each in admin_addresses() if "staffaction" in each.name}

    assert ways == {"changelist", "add", "history", "delete", "change"}


@pytest.mark.parametrize("table", ["accounts_staffaction", "access_accessevent"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_database_refuses_the_sites_own_role(table, statement):
    StaffActionFactory()
    AccessEventFactory()

    assert is_refused(statement.format(table)) == (connection.vendor == "postgresql")


def is_refused(statement):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False
