"""Who may read (GET) and who may send (POST) at each address of the dashboard; None: it knows no such method."""

GROUPS = {
    ("look", None): (
        "overview activity analytics analytics_export course_progress course_progress_export course_outline "
        "course_list course_export trash category_list tag_list lesson_list lesson_export student_list "
        "student_export student_detail student_course cohort_list cohort_detail cohort_export cohort_calendar "
        "bundle_list bundle_detail bundle_export path_list path_detail path_export tier_list access_inspect "
        "bulk_sample bulk_detail bulk_export search audit audit_export cohort_list_export bundle_list_export "
        "path_list_export"
    ),
    ("look", "access"): "bulk_list",
    ("look", "content"): "course_edit",
    (None, "access"): "cohort_member_add bulk_grant bulk_apply bulk_continue",
    (None, "content"): (
        "outline_module_up outline_module_down outline_lesson_up outline_lesson_down outline_lesson_duplicate "
        "outline_lesson_publish outline_lesson_unpublish outline_lesson_delete course_publish "
        "trash_restore_course trash_restore_lesson category_move lesson_preview lesson_video_check"
    ),
    (None, "groups"): "cohort_restore cohort_grant bundle_restore bundle_grant path_restore path_grant",
    (None, "look"): "undo view_as_stop",
    ("look", "look"): "view_as",
    ("access", "access"): (
        "student_grant_access student_extend_access student_revoke_access student_lock_access "
        "student_unlock_access student_activate_access student_give_membership student_reset_progress "
        "student_suspend student_reinstate "
        "student_add_cohort student_remove_cohort student_add_path student_remove_path student_grant_bundle "
        "student_end_bundle cohort_member_remove bulk_undo student_selected"
    ),
    ("content", None): "course_folder",
    ("content", "content"): (
        "course_import course_import_report outline_module_add outline_module_change outline_module_move "
        "outline_module_delete outline_lesson_add outline_lesson_rename outline_lesson_move course_add "
        "course_delete category_add category_edit category_delete tag_add tag_edit tag_delete lesson_add "
        "lesson_edit lesson_pictures lesson_delete"
    ),
    ("groups", "groups"): (
        "cohort_add cohort_edit cohort_delete cohort_courses bundle_add bundle_edit bundle_delete bundle_courses "
        "path_add path_edit path_delete path_courses"
    ),
    ("owner", None): "staff_list",
    ("owner", "owner"): "trash_delete_course trash_delete_lesson tier_edit staff_add staff_role staff_remove",
}
TABLE = {name: gates for gates, names in GROUPS.items() for name in names.split()}
