from django.urls import path

from courses_project.urls import handler404, handler500
from courses_project.urls import urlpatterns as site
from tests.browser.media import media, stream

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("media-for-tests/film-<int:seconds>.mp4", media),
    path("media-for-tests/stream/<str:name>", stream),
    *site,
]
