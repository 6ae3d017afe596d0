"""Where uploaded files are kept: on the local disk, or at Cloudinary as soon as its keys are set."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

KEYS = ("CLOUDINARY_CLOUD_NAME", "CLOUDINARY_API_KEY", "CLOUDINARY_API_SECRET")
LOCAL: dict[str, Any] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}


class StorageAway(OSError):
    """Whoever keeps our files refused, or could not be reached. Nothing was stored; people may read the message."""


def default_storage(env: Env) -> dict[str, Any]:
    """Read the keys: `CLOUDINARY_URL`, or the three by their names.

    :raises ImproperlyConfigured: if some are missing; files would land where nobody looks for them
    """
    url = env.str("CLOUDINARY_URL", default="")
    values = _parts(url) if url else [env.str(key, default="") for key in KEYS]
    if not any(values):
        return LOCAL
    if not all(values):
        wanted = "cloudinary://key:secret@cloud" if url else f"all of {', '.join(KEYS)}"
        raise ImproperlyConfigured(f"The keys of Cloudinary are set by half. Set {wanted}, or none of it.")
    options = dict(zip(("cloud_name", "api_key", "api_secret"), values, strict=True))
    options["upload_prefix"] = env.str("CLOUDINARY_UPLOAD_PREFIX", default="")
    return {"BACKEND": "common.cloud_storage.CloudStorage", "OPTIONS": options}


def _parts(url: str) -> list[str]:
    parts = urlsplit(url)
    if parts.scheme != "cloudinary":
        raise ImproperlyConfigured("CLOUDINARY_URL must begin with cloudinary://")
    return [parts.netloc.rpartition("@")[2], unquote(parts.username or ""), unquote(parts.password or "")]
