import pytest

from tests.conftest import client_of
from tests.threats.world import ROLES, build


@pytest.fixture
def world(db):
    return build()


@pytest.fixture
def clients(client, world):
    """One client for each role."""
    return {role: client if role == "anonymous" else client_of(world.people[role]) for role in ROLES}
