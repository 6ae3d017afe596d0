from django.urls import path

from access.views import enrolling

urlpatterns = [
    path("courses/<slug:slug>/enroll/", enrolling.course_enroll, name="course_enroll"),
    path("courses/<slug:slug>/join/", enrolling.course_join, name="course_join"),
]
