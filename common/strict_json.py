"""The one reader for JSON that comes from outside.

`json.loads` accepts `NaN`, turns `1e400` into infinity, keeps the last of two equal keys, raises RecursionError on
deep nesting and ValueError on 5,000 digits. One heartbeat of `1e400` once completed a lesson; so every request body
goes through here, and what this module returns is safe to store in both databases.
"""

import json
import math
import re
from collections.abc import Mapping

MAX_BYTES = 64 * 1024
MAX_DEPTH = 20
MAX_INTEGER_DIGITS = 19
MAX_INTEGER = 2**63 - 1
FIELD_LIMIT = 2**31 - 1

# Either database refuses these somewhere: NUL in PostgreSQL text, half of a surrogate pair in both.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class BadJSON(Exception):
    """The text is not JSON we accept; the message says why and may be shown to the sender."""


def read_json(raw: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> object:
    """Return what the bytes say: dict, list, str, int, float, bool or None.

    :raises BadJSON: for anything else; no other exception leaves this function
    """
    if len(raw) > max_bytes:
        raise BadJSON(f"The body is larger than {max_bytes} bytes.")
    if raw.startswith(BYTE_ORDER_MARK):
        raise BadJSON("The body starts with a byte order mark.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadJSON("The body is not UTF-8.") from None
    _refuse_deep_nesting(text, max_depth)
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        raise BadJSON("The body is not valid JSON.") from None


def require_object(value: object) -> dict[str, object]:
    """Return `value` as a JSON object.

    :raises BadJSON: if it is anything else
    """
    if not isinstance(value, dict):
        raise BadJSON("The body must be a JSON object.")
    return value


def get_bool(obj: Mapping[str, object], key: str, default: bool | None = None) -> bool:
    """Return the field as true or false; 1, 0 and "true" are refused."""
    value = _field(obj, key, default)
    if not isinstance(value, bool):
        raise BadJSON(f"“{key}” must be true or false.")
    return value


def get_number(obj: Mapping[str, object], key: str, lo: float, hi: float, default: float | None = None) -> float:
    """Return a finite number between `lo` and `hi`, both included; true is not a number."""
    value = _field(obj, key, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadJSON(f"“{key}” must be a number.")
    if not math.isfinite(value) or not lo <= value <= hi:
        raise BadJSON(f"“{key}” must be between {lo:g} and {hi:g}.")
    return value


def get_int(
    obj: Mapping[str, object],
    key: str,
    lo: int = 0,
    hi: int = FIELD_LIMIT,
    default: int | None = None,
) -> int:
    """Return a whole number between `lo` and `hi`; 1.0 is refused, as it is not written as one."""
    value = _field(obj, key, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadJSON(f"“{key}” must be a whole number.")
    if not lo <= value <= hi:
        raise BadJSON(f"“{key}” must be between {lo} and {hi}.")
    return value


def get_str(obj: Mapping[str, object], key: str, max_length: int = 1000, default: str | None = None) -> str:
    """Return text of at most `max_length` characters."""
    value = _field(obj, key, default)
    if not isinstance(value, str):
        raise BadJSON(f"“{key}” must be text.")
    if len(value) > max_length:
        raise BadJSON(f"“{key}” must have at most {max_length} characters.")
    return value


def get_list(obj: Mapping[str, object], key: str, max_items: int) -> list[object]:
    """Return a list of at most `max_items` items."""
    value = _field(obj, key, None)
    if not isinstance(value, list):
        raise BadJSON(f"“{key}” must be a list.")
    if len(value) > max_items:
        raise BadJSON(f"“{key}” must have at most {max_items} items.")
    return value


def _field(obj: Mapping[str, object], key: str, default: object) -> object:
    if key in obj:
        return obj[key]
    if default is None:
        raise BadJSON(f"“{key}” is missing.")
    return default


def _refuse_deep_nesting(text: str, max_depth: int) -> None:
    """Count brackets outside strings before parsing, so that the parser never recurses far."""
    depth = 0
    for token in _BRACKETS_AND_STRINGS.finditer(text):
        if token.group() in "[{":
            depth += 1
            if depth > max_depth:
                raise BadJSON(f"The body is nested deeper than {max_depth} levels.")
        elif token.group() in "]}":
            depth -= 1


# A string without its closing quote is matched to the end of the text; the parser refuses it afterwards.
_BRACKETS_AND_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def _refuse_constant(name: str) -> object:
    raise BadJSON(f"{name} is not a number.")


def _read_integer(digits: str) -> int:
    # The length is checked first: int() itself refuses 4,301 digits and is slow before that.
    if len(digits.lstrip("-")) > MAX_INTEGER_DIGITS or abs(int(digits)) > MAX_INTEGER:
        raise BadJSON("A number is out of range.")
    return int(digits)


def _read_float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise BadJSON("A number is out of range.")
    return number


def _read_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result: dict[str, object] = {}
    for key, value in pairs:
        if key in result:
            raise BadJSON("The same key appears twice in one object.")
        _check_text(key)
        _check_value(value)
        result[key] = value
    return result


def _check_value(value: object) -> None:
    """Refuse unstorable text in a value; objects inside have been checked when they were read."""
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, list):
        for item in value:
            _check_value(item)


def _check_text(text: str) -> None:
    if UNSTORABLE.search(text):
        raise BadJSON("Text holds a character that cannot be stored.")


class _Decoder(json.JSONDecoder):
    """The standard decoder with our rules, also for values that are in no object."""

    def decode(self, text: str) -> object:  # type: ignore[override] # the base is untyped in its other argument
        value = super().decode(text)
        _check_value(value)
        return value


_DECODER = _Decoder(
    parse_constant=_refuse_constant,
    parse_int=_read_integer,
    parse_float=_read_float,
    object_pairs_hook=_read_object,
)
