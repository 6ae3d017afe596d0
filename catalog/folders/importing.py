"""The one way in: a folder of either form to a course in the database."""

from pathlib import Path

from catalog.folders.applying import apply_course
from catalog.folders.disk import Folder
from catalog.folders.drafts import CourseDraft
from catalog.folders.plain import read_repository
from catalog.folders.reading import is_course_folder, read_course
from catalog.folders.report import Report
from catalog.models import CourseStatus


def import_folder(
    path: Path,
    *,
    slug: str = "",
    base_url: str = "",
    status: CourseStatus = CourseStatus.ACTIVE,
    is_dry_run: bool = False,
) -> tuple[str, Report]:
    """Import a course folder or a plain repository; return the course's slug and what changed.

    `slug`, `base_url` and `status` are for plain repositories: a course folder says these things itself.

    :raises BadFolder: with every problem found; nothing is saved then
    """
    folder = Folder(path)
    draft = read_folder(folder, slug=slug, base_url=base_url, status=status)
    return draft.fields["slug"], apply_course(draft, folder, is_dry_run=is_dry_run)


def read_folder(
    folder: Folder, *, slug: str = "", base_url: str = "", status: CourseStatus = CourseStatus.ACTIVE
) -> CourseDraft:
    """What a folder of either form says, before anything is compared with the database.

    :raises BadFolder: with every problem found
    """
    if is_course_folder(folder):
        return read_course(folder)
    return read_repository(folder, slug=slug, base_url=base_url, status=status)
