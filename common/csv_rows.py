"""The one writer of CSV: lines of text, in which no cell is a formula for the spreadsheet that opens them (T88)."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

BYTE_ORDER_MARK = "\ufeff"  # Excel reads UTF-8 only where it finds one
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - full-width marks count too


class Line:
    """What `csv.writer` writes to: it hands each line back."""

    def write(self, text: str) -> str:
        return text


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield the header and each row as a line; nothing is kept, so the table may be long."""
    writer = csv.writer(Line())
    yield BYTE_ORDER_MARK + writer.writerow(list(header))
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


def csv_response(name: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """Answer with a file to be saved as `name`, sent while it is written."""
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cell(value: Any) -> Any:
    """Text that begins like a formula gets an apostrophe before it; a number stays one."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, str) and value.lstrip(" \u00a0").startswith(FORMULA_MARKS):
        return f"'{value}"
    return value
