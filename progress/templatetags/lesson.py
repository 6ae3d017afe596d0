"""What the lesson page says about files and addresses."""

from urllib.parse import urlsplit

from django import template
from django.db.models.fields.files import FieldFile
from django.template.defaultfilters import filesizeformat

register = template.Library()


@register.filter
def host(address: str) -> str:
    """Name the host of a web address; nothing for any other scheme, so that a template can refuse to link it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return (parts.hostname or "").removeprefix("www.") if parts.scheme in {"http", "https"} else ""


@register.filter
def file_note(file: FieldFile) -> str:
    """Show “PDF, 1.2 MB”; only the kind when the file itself is missing."""
    name = (file.name or "").rpartition("/")[2]
    kind = name.rpartition(".")[2].upper() if "." in name else "File"
    try:
        return f"{kind}, {filesizeformat(file.size)}"
    except OSError:
        return kind
