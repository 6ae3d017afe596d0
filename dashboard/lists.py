"""Long lists: fifty rows to a page, and an address that says what was asked for."""

from typing import Any

from django.core.paginator import Page, Paginator

from accounts.http import StudentRequest

PER_PAGE = 50


def page_of(request: StudentRequest, rows: Any, per_page: int = PER_PAGE) -> Page[Any]:
    """The page that the address asks for; the nearest one if there is no such page."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


def query_of(request: StudentRequest, *without: str) -> str:
    """What the address asks for, but for the page one is on and the names given."""
    query = request.GET.copy()
    for name in ("page", *without):
        query.pop(name, None)
    return query.urlencode()
