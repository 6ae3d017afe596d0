"""A zip uploaded by staff: checked without saving anything, held, then imported exactly as it was checked."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from accounts.services import note_action
from catalog.folders.applying import apply_course
from catalog.folders.disk import Folder
from catalog.folders.drafts import CourseDraft
from catalog.folders.importing import read_folder
from catalog.folders.report import Change, Report
from catalog.folders.writing import course_files
from catalog.folders.zips import unpacked
from catalog.models import Course, CourseImport, CourseStatus, Lesson
from catalog.models.imports import HELD_FOR

SHELF = "imports/"
NAME_LENGTH = 200
DONE = "This file was imported already. Upload it again to import it once more."


class ImportRefused(Exception):
    """It is not imported; the message says why in words for people."""


class ChangedMeanwhile(ImportRefused):
    """Somebody changed the course since the check: what the report says may be wrong."""


def hold_upload(
    *, upload: "File[bytes]", owner: User, now: datetime, slug: str = "", base_url: str = "", is_draft: bool = False
) -> CourseImport:
    """Check a zip and keep it for an hour with what was found. Saves nothing of the course.

    :raises BadFolder: with every problem; nothing is kept then
    """
    held = CourseImport(
        owner=owner,
        name=(upload.name or "")[-NAME_LENGTH:],
        sha256=_sha256(upload),
        stored_name=f"{SHELF}{secrets.token_hex(16)}.zip",
        slug=slug,
        base_url=base_url,
        is_draft=is_draft,
    )
    _check(held, upload, now)
    forget_imports(now=now)
    default_storage.save(held.stored_name, upload)
    held.save()
    return held


def check_again(*, held: CourseImport, now: datetime) -> CourseImport:
    """Say anew what importing it would do, and hold it for another hour.

    :raises ImportRefused: if it is held no more
    :raises BadFolder: if it cannot be imported any more
    """
    _refuse_what_is_over(held, now)
    with default_storage.open(held.stored_name) as upload:
        _check(held, upload, now)
    held.save(update_fields=["course_slug", "fingerprint", "report", "checked_at"])
    return held


@transaction.atomic
def import_held(*, held: CourseImport, sha256: str, actor: User, now: datetime) -> tuple[Course, Report]:
    """Import what was checked: this very file, over the course as it was then, once.

    :raises ImportRefused: if it is held no more, or is another file
    :raises ChangedMeanwhile: if the course was changed since the check
    :raises BadFolder: if it cannot be imported any more
    """
    _refuse_what_is_over(held, now)
    with default_storage.open(held.stored_name) as upload:
        if not held.sha256 == sha256 == _sha256(upload):
            raise ImportRefused("This is not the file that was checked. Upload it again.")
        with _read(held, upload) as (folder, draft):
            course, report = _import(held, folder, draft, now)
            note_action(actor=actor, verb="imported", about=course, detail=f"{held.name}: {report.summary()}")
    transaction.on_commit(lambda: default_storage.delete(held.stored_name))
    return course, report


def _import(held: CourseImport, folder: Folder, draft: CourseDraft, now: datetime) -> tuple[Course, Report]:
    if not _is_first(held, now):
        raise ImportRefused(DONE)
    if _fingerprint(draft, is_locked=True) != held.fingerprint:
        raise ChangedMeanwhile("The course was changed since this file was checked. Check it again.")
    report = apply_course(draft, folder, is_dry_run=False)
    return Course.objects.get(slug=draft.fields["slug"]), report


def _is_first(held: CourseImport, now: datetime) -> bool:
    """One conditional UPDATE: of two who press Import at once, one does."""
    return bool(CourseImport.objects.filter(pk=held.pk, imported_at=None).update(imported_at=now))


def report_of(held: CourseImport) -> Report:
    """What the check found."""
    found: dict[str, Any] = held.report
    changes = [Change(**each | {"fields": tuple(each["fields"])}) for each in found["changes"]]
    return Report(changes, found["unchanged"], list(dict.fromkeys(found["notes"])))


def forget_imports(*, now: datetime) -> int:
    """Delete what was held for its hour; returns how many."""
    over = list(CourseImport.objects.filter(checked_at__lt=now - HELD_FOR))
    for held in over:
        default_storage.delete(held.stored_name)
        held.delete()
    return len(over)


def _refuse_what_is_over(held: CourseImport, now: datetime) -> None:
    if held.is_over(now):
        raise ImportRefused("This file was checked more than an hour ago. Upload it again.")
    if held.imported_at:
        raise ImportRefused(DONE)


def _check(held: CourseImport, upload: IO[bytes], now: datetime) -> None:
    """What the course holds is read first: what is changed while it is compared is found when it is imported."""
    with _read(held, upload) as (folder, draft):
        held.course_slug, held.fingerprint = draft.fields["slug"], _fingerprint(draft)
        held.report = asdict(apply_course(draft, folder, is_dry_run=True))
    held.checked_at = now


@contextmanager
def _read(held: CourseImport, upload: IO[bytes]) -> Iterator[tuple[Folder, CourseDraft]]:
    """The folder in the zip, and what it says."""
    stem = slugify(held.name.rpartition(".")[0]) or "course"
    status = CourseStatus.DRAFT if held.is_draft else CourseStatus.ACTIVE
    with unpacked(upload, stem) as path:
        folder = Folder(path)
        yield folder, read_folder(folder, slug=held.slug, base_url=held.base_url, status=status)


def _fingerprint(draft: CourseDraft, *, is_locked: bool = False) -> str:
    """Everything the course of this draft holds now, as an export would say it; empty if there is none yet."""
    courses = Course.objects.filter(slug=draft.fields["slug"])
    if is_locked:  # nobody saves the course or a lesson of it until the import has
        courses = courses.select_for_update(of=("self",), no_key=True)
    course = courses.first()
    if course is None:
        return ""
    if is_locked:
        list(Lesson.objects.filter(course=course).order_by("pk").select_for_update(of=("self",), no_key=True))
    texts, files = course_files(course)
    return hashlib.sha256(repr((sorted(texts.items()), sorted(files.items()))).encode()).hexdigest()


def _sha256(upload: IO[bytes]) -> str:
    upload.seek(0)
    digest = hashlib.file_digest(upload, "sha256").hexdigest()  # type: ignore[arg-type] # reads like any file
    upload.seek(0)
    return digest
