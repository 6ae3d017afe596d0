from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, include, path

from dashboard.group_nouns import BUNDLE, COHORT, PATH, Noun
from dashboard.views import (
    analytics,
    audit,
    bulk,
    bulk_call,
    cohorts,
    course_progress,
    courses,
    group_pages,
    groups,
    inspector,
    lesson_parts,
    lessons,
    outline,
    outline_lessons,
    overview,
    resetting,
    rights,
    search,
    selected,
    shelves,
    staff,
    student,
    student_course,
    students,
    suspensions,
    tiers,
    transfer,
    trash,
    undo,
    view_as,
)

app_name = "dashboard"


def pages_of(noun: Noun, detail: Callable[..., HttpResponseBase] = group_pages.detail) -> list[URLPattern]:
    """What cohorts, bundles and paths have alike: `cohort_list`, `cohort_edit` and so on."""
    one, is_about = f"<int:{noun.name}_id>/", {"noun": noun}
    return [
        path("", group_pages.index, is_about, name=f"{noun.name}_list"),
        path("export/", group_pages.export_list, is_about, name=f"{noun.name}_list_export"),
        path("add/", group_pages.add, is_about, name=f"{noun.name}_add"),
        path(one, detail, is_about, name=f"{noun.name}_detail"),
        path(f"{one}edit/", group_pages.edit, is_about, name=f"{noun.name}_edit"),
        path(f"{one}delete/", group_pages.delete, is_about, name=f"{noun.name}_delete"),
        path(f"{one}restore/", group_pages.restore, is_about, name=f"{noun.name}_restore"),
        path(f"{one}courses/", group_pages.courses, is_about, name=f"{noun.name}_courses"),
        path(f"{one}grant/", group_pages.grant, is_about, name=f"{noun.name}_grant"),
        path(f"{one}export/", group_pages.export, is_about, name=f"{noun.name}_export"),
    ]


outline_pages = [
    path("", outline.course_outline, name="course_outline"),
    path("modules/add/", outline.outline_module_add, name="outline_module_add"),
    path("modules/<int:module_id>/change/", outline.outline_module_change, name="outline_module_change"),
    path("modules/<int:module_id>/up/", outline.outline_module_up, name="outline_module_up"),
    path("modules/<int:module_id>/down/", outline.outline_module_down, name="outline_module_down"),
    path("modules/<int:module_id>/move/", outline.outline_module_move, name="outline_module_move"),
    path("modules/<int:module_id>/delete/", outline.outline_module_delete, name="outline_module_delete"),
    path("lessons/add/", outline_lessons.outline_lesson_add, name="outline_lesson_add"),
    path("lessons/<int:lesson_id>/rename/", outline_lessons.outline_lesson_rename, name="outline_lesson_rename"),
    path("lessons/<int:lesson_id>/up/", outline_lessons.outline_lesson_up, name="outline_lesson_up"),
    path("lessons/<int:lesson_id>/down/", outline_lessons.outline_lesson_down, name="outline_lesson_down"),
    path("lessons/<int:lesson_id>/move/", outline_lessons.outline_lesson_move, name="outline_lesson_move"),
    path(
        "lessons/<int:lesson_id>/duplicate/", outline_lessons.outline_lesson_duplicate, name="outline_lesson_duplicate"
    ),
    path("lessons/<int:lesson_id>/publish/", outline_lessons.outline_lesson_publish, name="outline_lesson_publish"),
    path(
        "lessons/<int:lesson_id>/unpublish/", outline_lessons.outline_lesson_unpublish, name="outline_lesson_unpublish"
    ),
    path("lessons/<int:lesson_id>/delete/", outline_lessons.outline_lesson_delete, name="outline_lesson_delete"),
]

lesson_pages = [
    path("", lessons.index, name="lesson_list"),
    path("export/", lessons.export, name="lesson_export"),
    path("add/", lessons.add, name="lesson_add"),
    path("preview/", lesson_parts.preview, name="lesson_preview"),
    path("video-check/", lesson_parts.video_check, name="lesson_video_check"),
    path("<int:lesson_id>/edit/", lessons.edit, name="lesson_edit"),
    path("<int:lesson_id>/pictures/", lesson_parts.pictures, name="lesson_pictures"),
    path("<int:lesson_id>/delete/", lesson_parts.delete, name="lesson_delete"),
]

course_pages = [
    path("", courses.course_list, name="course_list"),
    path("export/", courses.course_export, name="course_export"),
    path("add/", courses.course_add, name="course_add"),
    path("<slug:slug>/", courses.course_edit, name="course_edit"),
    path("<slug:slug>/publish/", courses.course_publish, name="course_publish"),
    path("<slug:slug>/delete/", trash.course_delete, name="course_delete"),
]

trash_pages = [
    path("", trash.trash, name="trash"),
    path("courses/<int:course_id>/restore/", trash.trash_restore_course, name="trash_restore_course"),
    path("courses/<int:course_id>/delete/", trash.trash_delete_course, name="trash_delete_course"),
    path("lessons/<int:lesson_id>/restore/", trash.trash_restore_lesson, name="trash_restore_lesson"),
    path("lessons/<int:lesson_id>/delete/", trash.trash_delete_lesson, name="trash_delete_lesson"),
]

shelf_pages = [
    path("categories/", shelves.category_list, name="category_list"),
    path("categories/add/", shelves.category_add, name="category_add"),
    path("categories/<int:category_id>/", shelves.category_edit, name="category_edit"),
    path("categories/<int:category_id>/move/", shelves.category_move, name="category_move"),
    path("categories/<int:category_id>/delete/", shelves.category_delete, name="category_delete"),
    path("tags/", shelves.tag_list, name="tag_list"),
    path("tags/add/", shelves.tag_add, name="tag_add"),
    path("tags/<int:tag_id>/", shelves.tag_edit, name="tag_edit"),
    path("tags/<int:tag_id>/delete/", shelves.tag_delete, name="tag_delete"),
]

urlpatterns = [
    path("", overview.index, name="overview"),
    path("activity/", overview.activity, name="activity"),
    path("analytics/", analytics.index, name="analytics"),
    path("analytics/export/", analytics.export, name="analytics_export"),
    path("courses/<slug:slug>/progress/", course_progress.index, name="course_progress"),
    path("courses/<slug:slug>/progress/export/", course_progress.export, name="course_progress_export"),
    path("undo/", undo.undo, name="undo"),
    path("courses/import/", transfer.upload, name="course_import"),
    path("courses/import/<int:import_id>/", transfer.report, name="course_import_report"),
    path("courses/<slug:slug>/export/", transfer.export, name="course_folder"),
    path("courses/<slug:slug>/outline/", include(outline_pages)),
    path("courses/", include(course_pages)),
    path("trash/", include(trash_pages)),
    path("", include(shelf_pages)),
    path("lessons/", include(lesson_pages)),
    path("students/", students.index, name="student_list"),
    path("students/export/", students.export, name="student_export"),
    path("students/selected/", selected.selected, name="student_selected"),
    path("students/<int:student_id>/", student.detail, name="student_detail"),
    path("students/<int:student_id>/grant-access/", rights.grant, name="student_grant_access"),
    path("students/<int:student_id>/extend-access/", rights.extend, name="student_extend_access"),
    path("students/<int:student_id>/revoke-access/", rights.revoke, name="student_revoke_access"),
    path("students/<int:student_id>/lock-access/", rights.lock, name="student_lock_access"),
    path("students/<int:student_id>/unlock-access/", rights.unlock, name="student_unlock_access"),
    path("students/<int:student_id>/activate-access/", rights.activate, name="student_activate_access"),
    path("students/<int:student_id>/give-membership/", rights.give_tier, name="student_give_membership"),
    path("students/<int:student_id>/reset-progress/", resetting.reset, name="student_reset_progress"),
    path("students/<int:student_id>/suspend/", suspensions.close, name="student_suspend"),
    path("students/<int:student_id>/reinstate/", suspensions.lift, name="student_reinstate"),
    path("students/<int:student_id>/add-cohort/", groups.add_cohort, name="student_add_cohort"),
    path("students/<int:student_id>/remove-cohort/", groups.remove_cohort, name="student_remove_cohort"),
    path("students/<int:student_id>/add-path/", groups.add_path, name="student_add_path"),
    path("students/<int:student_id>/remove-path/", groups.remove_path, name="student_remove_path"),
    path("students/<int:student_id>/grant-bundle/", groups.grant_bundle, name="student_grant_bundle"),
    path("students/<int:student_id>/end-bundle/", groups.end_bundle, name="student_end_bundle"),
    # After every other page of a student: a course may have any other name.
    path("students/<int:student_id>/<slug:slug>/", student_course.detail, name="student_course"),
    path("cohorts/", include(pages_of(COHORT, cohorts.detail))),
    path("cohorts/<int:cohort_id>/calendar/", cohorts.calendar, name="cohort_calendar"),
    path("cohorts/<int:cohort_id>/members/add/", cohorts.add_member, name="cohort_member_add"),
    path(
        "cohorts/<int:cohort_id>/members/<int:student_id>/remove/", cohorts.remove_member, name="cohort_member_remove"
    ),
    path("bundles/", include(pages_of(BUNDLE))),
    path("paths/", include(pages_of(PATH))),
    path("tiers/", tiers.index, name="tier_list"),
    path("tiers/<int:tier_level>/edit/", tiers.edit, name="tier_edit"),
    path("access/inspect/", inspector.access_inspect, name="access_inspect"),
    path("access/bulk/", bulk.index, name="bulk_list"),
    path("access/bulk/sample/", bulk.sample, name="bulk_sample"),
    path("access/bulk/grant/", bulk_call.grant, name="bulk_grant"),
    path("access/bulk/<int:batch_id>/", bulk.detail, name="bulk_detail"),
    path("access/bulk/<int:batch_id>/export/", bulk.export, name="bulk_export"),
    path("access/bulk/<int:batch_id>/apply/", bulk.apply, name="bulk_apply"),
    path("access/bulk/<int:batch_id>/continue/", bulk.resume, name="bulk_continue"),
    path("access/bulk/<int:batch_id>/undo/", bulk.undo, name="bulk_undo"),
    path("search/", search.search, name="search"),
    path("view-as/", view_as.start, name="view_as"),
    path("view-as/stop/", view_as.stop, name="view_as_stop"),
    path("audit/", audit.index, name="audit"),
    path("audit/export/", audit.export, name="audit_export"),
    path("staff/", staff.index, name="staff_list"),
    path("staff/add/", staff.add, name="staff_add"),
    path("staff/<int:staff_id>/role/", staff.change, name="staff_role"),
    path("staff/<int:staff_id>/remove/", staff.remove, name="staff_remove"),
]
