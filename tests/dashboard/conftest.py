"""Staff who may change rights, beside `staff`, who only look."""

import pytest

from tests.conftest import client_of
from tests.factories import StaffFactory


@pytest.fixture
def owner(db):
    return StaffFactory(email="owner@example.com", name="Olga Owner", is_superuser=True)


@pytest.fixture
def owner_client(owner):
    return client_of(owner)
