"""How much data there is: the same shape per student at every size, so that only the totals grow."""

from dataclasses import dataclass

MODULES = 5
LESSONS_IN_MODULE = 6
LESSONS = MODULES * LESSONS_IN_MODULE
ENROLLMENTS = 5
SHORT_COURSE_LESSONS = 3
MANY_ENROLLMENTS = 20


@dataclass(frozen=True)
class Size:
    """Courses of 30 lessons and students of 5 courses; beside them one short course and two special students."""

    name: str
    courses: int
    students: int

    @property
    def short_course(self) -> int:
        """The id of the course of three lessons, which is in no list."""
        return self.courses + 1

    @property
    def beginner(self) -> int:
        """The id of the student who takes only the short course."""
        return self.students + 1

    @property
    def collector(self) -> int:
        """The id of the student who takes twenty courses."""
        return self.students + 2

    @property
    def owner(self) -> int:
        """The id of the one member of staff."""
        return self.students + 3


SIZES = {size.name: size for size in (Size("S", 50, 1_000), Size("M", 300, 10_000), Size("L", 1_000, 100_000))}
