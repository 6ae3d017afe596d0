from django.urls import path

from dashboard.views import overview, students

app_name = "dashboard"

urlpatterns = [
    path("", overview.index, name="overview"),
    path("students/", students.index, name="student_list"),
]
