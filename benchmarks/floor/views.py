"""The five floors of the study: two that do nothing, one page, two writes."""

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt

from benchmarks.floor.models import Note

UPSERT = """INSERT INTO floor_mark (user_id, note_id, seconds) VALUES (%s, %s, %s)
ON CONFLICT (user_id, note_id) DO UPDATE SET seconds = excluded.seconds"""


def constant(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@login_required
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Session, user, one row by its unique key, a small template. Its cost is the unit."""
    return render(request, "floor/page.html", {"note": get_object_or_404(Note, slug=slug)})


@csrf_exempt
def write(request: HttpRequest, note_id: int) -> HttpResponse:
    return _upsert(user_id=1, note_id=note_id)


@csrf_exempt
@login_required
def my_write(request: HttpRequest, note_id: int) -> HttpResponse:
    assert request.user.pk is not None  # login_required
    return _upsert(user_id=request.user.pk, note_id=note_id)


def _upsert(*, user_id: int, note_id: int) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [user_id, note_id, 1.5])
    return HttpResponse("ok")
