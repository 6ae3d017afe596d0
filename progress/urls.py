from django.urls import path

from progress import views

urlpatterns = [
    path("my-dashboard/", views.my_dashboard, name="my_dashboard"),
    path("my-dashboard/course/<slug:slug>/", views.course_progress, name="course_progress"),
    path("courses/<slug:slug>/continue/", views.course_continue, name="course_continue"),
    path(
        "courses/<slug:slug>/<int:module_number>/<int:lesson_number>/",
        views.lesson_by_position,
        name="lesson_by_position",
    ),
    path("courses/<slug:slug>/<int:module_number>/<int:lesson_number>", views.lesson_by_position),
    path("courses/<slug:slug>/<slug:lesson_slug>/", views.lesson_detail, name="lesson_detail"),
    path("courses/<slug:slug>/<slug:lesson_slug>/complete/", views.lesson_complete, name="lesson_complete"),
    path(
        "courses/<slug:slug>/<slug:lesson_slug>/files/<int:material_id>/", views.lesson_material, name="lesson_material"
    ),
    path("courses/<slug:slug>/<slug:lesson_slug>/pictures/<path:name>", views.lesson_picture, name="lesson_picture"),
    path("courses/<slug:slug>/<slug:lesson_slug>/captions.vtt", views.lesson_captions, name="lesson_captions"),
]
