"""The figures of the overview in words: what each counts, and the list it leads to."""

from dataclasses import dataclass

from django.urls import reverse

from dashboard.selectors.figures import Figures


@dataclass(frozen=True)
class Tile:
    """One figure. `meaning` is its definition, a click away."""

    label: str
    value: int
    address: str
    meaning: str


def tiles_of(figures: Figures) -> list[Tile]:
    """In the order of the page."""
    students, analytics = reverse("dashboard:student_list"), reverse("dashboard:analytics")
    return [
        Tile("Students", figures.students, students, "Accounts that are not staff."),
        Tile(
            "Active, 30 days",
            figures.active,
            f"{students}?active=30",
            "Students who began or completed a lesson in the last 30 days.",
        ),
        Tile("New, 7 days", figures.new, f"{students}?sort=newest", "Students whose account is at most 7 days old."),
        Tile(
            "Courses joined",
            figures.joined,
            f"{analytics}#courses",
            "Once for each student and course, whether their access runs or not.",
        ),
        Tile(
            "Open access",
            figures.open_rights,
            f"{students}?state=active",
            "Rights that open something at this moment. A student may hold several, also for one course.",
        ),
        Tile(
            "Progress updates, 30 days",
            figures.updates,
            f"{analytics}#learners",
            "Lessons that students completed in the last 30 days. One opened again is not counted.",
        ),
        Tile(
            "Courses completed",
            figures.completed,
            f"{analytics}#completed",
            "Once for each student and course in which every lesson was completed.",
        ),
    ]
