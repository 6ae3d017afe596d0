from django.urls import path

from access.views import bundles, cohorts, enrolling, paths, pricing

urlpatterns = [
    path("paths/", paths.path_list, name="path_list"),
    path("paths/<slug:slug>/", paths.path_detail, name="path_detail"),
    path("paths/<slug:slug>/join/", paths.path_join, name="path_join"),
    path("bundles/<slug:slug>/", bundles.bundle_detail, name="bundle_detail"),
    path("pricing/", pricing.pricing, name="pricing"),
    path("courses/<slug:slug>/enroll/", enrolling.course_enroll, name="course_enroll"),
    path("courses/<slug:slug>/join/", enrolling.course_join, name="course_join"),
    path("courses/<slug:slug>/cohorts/join/", cohorts.cohort_choose, name="cohort_choose"),
    path("courses/<slug:slug>/cohorts/<int:cohort_id>/join/", cohorts.cohort_join, name="cohort_join"),
    path("courses/<slug:slug>/cohorts/<int:cohort_id>/leave/", cohorts.cohort_leave, name="cohort_leave"),
    path("courses/<slug:slug>/cohorts/<int:cohort_id>/start.ics", cohorts.cohort_calendar, name="cohort_calendar"),
]
