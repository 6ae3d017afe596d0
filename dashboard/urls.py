from django.urls import path

from dashboard.views import groups, inspector, overview, rights, student, students, suspensions, undo

app_name = "dashboard"

urlpatterns = [
    path("", overview.index, name="overview"),
    path("undo/", undo.undo, name="undo"),
    path("students/", students.index, name="student_list"),
    path("students/export/", students.export, name="student_export"),
    path("students/<int:student_id>/", student.detail, name="student_detail"),
    path("students/<int:student_id>/grant-access/", rights.grant, name="student_grant_access"),
    path("students/<int:student_id>/extend-access/", rights.extend, name="student_extend_access"),
    path("students/<int:student_id>/revoke-access/", rights.revoke, name="student_revoke_access"),
    path("students/<int:student_id>/lock-access/", rights.lock, name="student_lock_access"),
    path("students/<int:student_id>/unlock-access/", rights.unlock, name="student_unlock_access"),
    path("students/<int:student_id>/give-membership/", rights.give_tier, name="student_give_membership"),
    path("students/<int:student_id>/suspend/", suspensions.close, name="student_suspend"),
    path("students/<int:student_id>/reinstate/", suspensions.lift, name="student_reinstate"),
    path("students/<int:student_id>/add-cohort/", groups.add_cohort, name="student_add_cohort"),
    path("students/<int:student_id>/remove-cohort/", groups.remove_cohort, name="student_remove_cohort"),
    path("students/<int:student_id>/add-path/", groups.add_path, name="student_add_path"),
    path("students/<int:student_id>/remove-path/", groups.remove_path, name="student_remove_path"),
    path("students/<int:student_id>/grant-bundle/", groups.grant_bundle, name="student_grant_bundle"),
    path("access/inspect/", inspector.access_inspect, name="access_inspect"),
]
