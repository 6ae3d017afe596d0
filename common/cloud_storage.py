"""Files at Cloudinary instead of the local disk, when its keys are set.

Pictures of courses are public like the catalog. Everything else is stored as `authenticated`: nobody gets it from
Cloudinary by its address. It is fetched by the site, with a link signed for a minute, after the site decided who may
have it. Files are kept as they are ("raw"), under the very names they have on a disk, so that a site may change over.
"""

import posixpath
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import IO, Any

import requests
import structlog
from cloudinary import api, uploader, utils
from cloudinary.exceptions import NotFound
from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage
from django.utils.encoding import filepath_to_uri

from common.storages import StorageAway

PUBLIC = "courses/"
SECONDS = 60
IN_MEMORY = 5 * 1024 * 1024
CHUNK = 64 * 1024
PAGE = 500
SENTENCE = "The file storage does not answer as it should. Try again in a few minutes."

log = structlog.get_logger(__name__)


class CloudStorage(Storage):
    """Each file is one "raw" asset whose id is its name."""

    def __init__(self, *, cloud_name: str, api_key: str, api_secret: str, upload_prefix: str = "") -> None:
        self.account: dict[str, Any] = {
            "cloud_name": cloud_name,
            "api_key": api_key,
            "api_secret": api_secret,
            "upload_prefix": upload_prefix or None,
            "timeout": SECONDS,
        }

    def url(self, name: str | None) -> str:
        """The site's own address, the same as on a disk: texts that hold it outlive a change of storage."""
        return settings.MEDIA_URL + filepath_to_uri(name or "").lstrip("/")

    def public_url(self, name: str) -> str:
        """Where everybody gets a public file."""
        address, _ = utils.cloudinary_url(name, secure=True, **self.account | self._kind(name))
        return str(address)

    def exists(self, name: str) -> bool:
        """Of a name that ends with a slash: whether anything is in this folder."""
        if name.endswith("/"):
            return next(self._assets(name), None) is not None
        try:
            self._facts(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        return int(self._facts(name)["bytes"])

    def get_modified_time(self, name: str) -> datetime:
        return datetime.fromisoformat(self._facts(name)["created_at"])

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        start = posixpath.join(path, "")
        inside = [name.removeprefix(start) for name in self._assets(start)]
        folders = {name.partition("/")[0] for name in inside if "/" in name}
        return sorted(folders), sorted(name for name in inside if "/" not in name)

    def delete(self, name: str) -> None:
        with _asking(name):
            uploader.destroy(name, invalidate=True, **self.account | self._kind(name))

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        """The whole file, fetched now: a short-lived link must not outlive the answer."""
        link = utils.private_download_url(
            name, "", expires_at=int(time.time()) + SECONDS, **self.account | self._kind(name)
        )
        sink = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever opened it closes it
        try:
            _fetch(link, name, sink)
        except BaseException:
            sink.close()
            raise
        sink.seek(0)
        return File(sink, name=name)

    def _save(self, name: str, content: "File[bytes]") -> str:
        content.seek(0)
        kind = self._kind(name) | {"public_id": name, "overwrite": True, "invalidate": True}
        with _asking(name):
            uploader.upload(BytesIO(content.read()), filename=posixpath.basename(name), **self.account | kind)
        return name

    def _kind(self, name: str) -> dict[str, str]:
        return {"resource_type": "raw", "type": "upload" if name.startswith(PUBLIC) else "authenticated"}

    def _facts(self, name: str) -> dict[str, Any]:
        """:raises FileNotFoundError: if there is none of this name"""
        with _asking(name):
            return dict(api.resource(name, **self.account | self._kind(name)))

    def _assets(self, start: str) -> Iterator[str]:
        """The names that begin like this, a page at a time."""
        asked = self.account | self._kind(start) | {"prefix": start, "max_results": PAGE}
        cursor: str | None = None
        while True:
            with _asking(start):
                page = api.resources(**asked | ({"next_cursor": cursor} if cursor else {}))
            yield from (asset["public_id"] for asset in page["resources"])
            cursor = page.get("next_cursor")
            if not cursor:
                return


@contextmanager
def _asking(name: str) -> Iterator[None]:
    """:raises FileNotFoundError: if there is none of this name :raises StorageAway: for whatever else goes wrong"""
    try:
        yield
    except NotFound:
        raise FileNotFoundError(name) from None
    except Exception as error:  # the library raises its own, and for some answers just this
        log.warning("cloudinary_refused", name=name, error=str(error)[:500])
        raise StorageAway(SENTENCE) from error


def _fetch(link: str, name: str, sink: IO[bytes]) -> None:
    """:raises FileNotFoundError: if there is none :raises StorageAway: if it cannot be fetched"""
    try:
        with requests.get(link, stream=True, timeout=SECONDS) as answer:
            if answer.status_code == requests.codes.not_found:
                raise FileNotFoundError(name)
            answer.raise_for_status()
            for chunk in answer.iter_content(CHUNK):
                sink.write(chunk)
    except requests.RequestException as error:
        log.warning("cloudinary_refused", name=name, error=str(error)[:500].split("?")[0])  # not the signed link
        raise StorageAway(SENTENCE) from error
