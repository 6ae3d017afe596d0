"""Names of files as names of lessons and modules."""

import posixpath


def without_number(name: str) -> str:
    """Return a file's name without the number that orders it."""
    stripped = name.lstrip("0123456789").lstrip("-_. ")
    return stripped or name


def readable_name(name: str) -> str:
    """Return `01-first_steps` as `First steps`."""
    words = without_number(posixpath.basename(name)).replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
