"""State proven: counts and contents of all tables before and after an attack."""

import hashlib
from contextlib import contextmanager

from django.apps import apps

# A visit may refresh or end a session; no right and no progress hangs on these.
VOLATILE = {"sessions.session", "usersessions.usersession"}


def snapshot():
    """For each table how many rows, and a hash over all of them."""
    tables = [model for model in apps.get_models() if model._meta.label_lower not in VOLATILE]
    return {model._meta.label_lower: _digest(model) for model in tables if not model._meta.proxy}


def _digest(model):
    rows = list(model._base_manager.order_by("pk").values_list())
    return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()


@contextmanager
def unchanged():
    """`with unchanged():` fails and names the tables when the block changes a row anywhere."""
    before = snapshot()
    yield
    after = snapshot()
    assert {name for name in before if before[name] != after[name]} == set()
