from django.urls import path

from catalog import views

urlpatterns = [
    path("", views.home, name="home"),
    path("courses/", views.course_list, name="course_list"),
    path("search/", views.search, name="search"),
    path("media/courses/<path:path>", views.course_image, name="course_image"),
    path("courses/<slug:slug>/", views.course_detail, name="course_detail"),
    path("courses/<slug:slug>/favorite/", views.course_favorite, name="course_favorite"),
]
