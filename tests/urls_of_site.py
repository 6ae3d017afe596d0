"""Every address of the site, read from the resolver: tests walk it, so that no page is forgotten."""

import re
from dataclasses import dataclass

from django.urls import URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One pattern; `name` is empty for a pattern that is only another spelling."""

    name: str
    pattern: str
    is_public: bool

    def url(self, **values):
        """The address with its blanks filled; a value that is missing is an error."""
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda blank: str(values[blank.group(1)]), self.pattern)


def walk(patterns=None, prefix="", namespace=""):
    """All addresses but the insides of Django's admin, which are walked by `admin_addresses`."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry.url_patterns, pattern, f"{entry.namespace}:" if entry.namespace else namespace)
        else:
            is_public = not getattr(entry.callback, "login_required", True)
            yield Address(f"{namespace}{entry.name or ''}", pattern, is_public)


def site_addresses():
    return [address for address in walk() if not address.pattern.startswith("django-admin/")]


def admin_addresses():
    return [address for address in walk() if address.pattern.startswith("django-admin/")]
