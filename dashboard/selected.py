"""Which students an address means: those of its numbers, or all whom its filters find."""

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from dashboard.forms.filters import StudentFilter
from dashboard.selectors.students import all_students, students_found

DIGITS = 18


def chosen_in(query: QueryDict) -> QuerySet[User]:
    """Those of `?id=`; with `?all=` everybody whom the filters of the list find, in its order."""
    if query.get("all"):
        return students_found(StudentFilter(query).wanted(), timezone.now())
    numbers = [value for value in query.getlist("id") if value.isascii() and value.isdecimal()]
    return all_students().filter(pk__in=[int(value) for value in numbers if len(value) <= DIGITS]).order_by("pk")
