"""Files of a form that was refused: kept for a day, so that nobody has to choose them again.

Nothing shows or sends a held file. Only whoever sent it can name it, by a token that we signed.
"""

import posixpath
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.core.files import File
from django.core.files.storage import default_storage

SALT = "catalog.held_uploads"
SHELF = "held/"
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class HeldUpload:
    """`name` is the one it shall be stored under, `stored` the one it is held under."""

    name: str
    stored: str
    token: str

    @property
    def file(self) -> "File[bytes]":
        return File(default_storage.open(self.stored), name=self.name)

    @property
    def leaf(self) -> str:
        return posixpath.basename(self.name)


def hold(file: "File[bytes]", *, user_id: int) -> HeldUpload:
    """Keep a file that was checked."""
    stored = default_storage.save(f"{SHELF}{secrets.token_hex(16)}", file)
    name = str(file.name)
    return HeldUpload(name, stored, signing.dumps([user_id, name, stored], salt=SALT))


def held(token: str, *, user_id: int) -> HeldUpload | None:
    """The file this user's form named; None if it is of nobody, of somebody else, or no longer kept."""
    try:
        owner, name, stored = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    if owner != user_id or not default_storage.exists(stored):
        return None
    return HeldUpload(name, stored, token)


def drop(upload: HeldUpload) -> None:
    """Forget a held file: it was saved, or is not wanted."""
    default_storage.delete(upload.stored)


def drop_old(*, now: datetime) -> int:
    """Forget what nobody came back for within a day; returns how many."""
    names = default_storage.listdir(SHELF)[1] if default_storage.exists(SHELF) else []
    old = [f"{SHELF}{name}" for name in names if now - default_storage.get_modified_time(f"{SHELF}{name}") > KEPT_FOR]
    for name in old:
        default_storage.delete(name)
    return len(old)
