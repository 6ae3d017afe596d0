from django.urls import path

from benchmarks.floor import views

urlpatterns = [
    path("constant/", views.constant),
    path("notes/<slug:slug>/", views.page),
    path("write/<int:note_id>/", views.write),
    path("my-write/<int:note_id>/", views.my_write),
]
