import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.strict_json import (
    BadJSON,
    get_bool,
    get_int,
    get_list,
    get_number,
    get_str,
    read_json,
    require_object,
)


def test_read_json_reads_ordinary_json():
    raw = '{"a": [1, 2.5, true, null, "é"], "b": {"c": "[{"}}'.encode()

    assert read_json(raw) == {"a": [1, 2.5, True, None, "é"], "b": {"c": "[{"}}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"{",
        b"{} {}",
        b"'a'",
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b'"\xed\xa0\x80"',
        b"NaN",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"[-Infinity]",
        b"1e400",
        b'{"a": -1e400}',
        b"9223372036854775808",
        b"-9223372036854775808",
        b"1" * 5000,
        b"1" * 5000 + b".5e9",
        b'{"a": 1, "a": 1}',
        b'{"a": 1, "\\u0061": 2}',
        b'"\\u0000"',
        b'{"\\u0000": 1}',
        b'{"a": "x\\u0000"}',
        b'{"a": [["\\ud800"]]}',
        b'["\\udfff"]',
        b'{"a": "tab\tinside"}',
        b"[" * 21 + b"]" * 21,
        b'{"a":' * 21 + b"1" + b"}" * 21,
        b"[" * 60_000,
        b'"' + b"\\" * 1001,
        b'["' + b"a" * 65_536 + b'"]',
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_read_json_refuses(raw):
    with pytest.raises(BadJSON):
        read_json(raw)


@pytest.mark.parametrize(
    "raw",
    [b"[" * 20 + b"]" * 20, b"9223372036854775807", b'"\\ud83d\\ude00"', b'"' + b"[" * 500 + b'"', b"1e308"],
    ids=lambda raw: repr(raw[:24]),
)
def test_read_json_takes_what_is_just_inside_the_limits(raw):
    assert read_json(raw) == json.loads(raw)


def test_read_json_takes_its_limits_from_the_caller():
    with pytest.raises(BadJSON, match="larger than 4 bytes"):
        read_json(b"[1, 2]", max_bytes=4)
    with pytest.raises(BadJSON, match="deeper than 1"):
        read_json(b"[[]]", max_depth=1)


@given(st.binary(max_size=300))
def test_read_json_raises_nothing_but_bad_json(raw):
    with contextlib.suppress(BadJSON):
        read_json(raw)


TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(TREES)
def test_read_json_returns_what_was_written(tree):
    assert read_json(json.dumps(tree).encode()) == tree


def test_require_object_takes_only_objects():
    assert require_object({"a": 1}) == {"a": 1}
    with pytest.raises(BadJSON, match="must be a JSON object"):
        require_object([1])


@pytest.mark.parametrize("value", [1, 0, "true", None, [True]])
def test_get_bool_refuses(value):
    with pytest.raises(BadJSON, match="true or false"):
        get_bool({"done": value}, "done")


def test_get_bool_reads_the_field_or_its_default():
    assert get_bool({"done": False}, "done") is False
    assert get_bool({}, "done", default=True) is True


@pytest.mark.parametrize("value", [True, "100", None, [100], {}, -1, 100.5, float("inf"), float("nan"), 2**70])
def test_get_number_refuses(value):
    with pytest.raises(BadJSON, match="“share” must be"):
        get_number({"share": value}, "share", 0, 100)


def test_get_number_reads_both_ends():
    assert get_number({"share": 0}, "share", 0, 100) == 0
    assert get_number({"share": 100.0}, "share", 0, 100) == 100


def test_get_number_names_a_missing_field():
    with pytest.raises(BadJSON, match="“share” is missing"):
        get_number({}, "share", 0, 100)


@pytest.mark.parametrize("value", [True, 1.0, "1", None, [1], -1, 2**31, 2**63])
def test_get_int_refuses(value):
    with pytest.raises(BadJSON, match="“id” must be"):
        get_int({"id": value}, "id")


def test_get_int_reads_the_largest_field_value():
    assert get_int({"id": 2**31 - 1}, "id") == 2**31 - 1


@pytest.mark.parametrize("value", [1, None, ["a"], "abcd"])
def test_get_str_refuses(value):
    with pytest.raises(BadJSON, match="“name” must"):
        get_str({"name": value}, "name", max_length=3)


def test_get_str_reads_text():
    assert get_str({"name": "abc"}, "name", max_length=3) == "abc"


@pytest.mark.parametrize("value", ["ab", None, {}, [1, 2, 3]])
def test_get_list_refuses(value):
    with pytest.raises(BadJSON, match="“ranges” must"):
        get_list({"ranges": value}, "ranges", max_items=2)


def test_get_list_reads_a_list():
    assert get_list({"ranges": [1]}, "ranges", max_items=2) == [1]
