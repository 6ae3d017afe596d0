from django.urls import path

from access import views

urlpatterns = [
    path("courses/<slug:slug>/enroll/", views.course_enroll, name="course_enroll"),
    path("courses/<slug:slug>/join/", views.course_join, name="course_join"),
]
