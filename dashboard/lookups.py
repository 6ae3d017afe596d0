"""What the rest of an address names; what is no name of anything is a 404, not an error."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from catalog.models import Course

Found = TypeVar("Found", bound=Model)


def course_named(slug: str) -> Course | None:
    """The course at this address; None if there is none, or only in the trash."""
    return None if "\0" in slug else Course.objects.kept().filter(slug=slug).first()


def course_asked(request: HttpRequest) -> Course:
    """The course that `?course=` names.

    :raises Http404: if it names none
    """
    course = course_named(request.GET.get("course", ""))
    if course is None:
        raise Http404
    return course


def row_asked(request: HttpRequest, name: str, among: QuerySet[Found]) -> Found:
    """The row whose number the address gives under this name, such as `?access=12`.

    :raises Http404: if it is no number, or of none of these
    """
    number = request.GET.get(name, "")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    return get_object_or_404(among, pk=int(number))
