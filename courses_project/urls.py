"""The site map. Everything is behind a log-in unless its view says otherwise; tests hold the list of exceptions."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.decorators.http import require_safe

from access.sitemaps import OFFERS
from api.urls import api
from catalog.sitemaps import SITEMAPS
from common import views as site
from dashboard.views import old_addresses

# The API answers a signed-out caller itself, with 401 in its own shape.
API_URLS = api.urls
for pattern in API_URLS[0]:
    login_not_required(pattern.callback)  # type: ignore[type-var] # ninja always sets the callback

admin.autodiscover()
admin.site.login = login_not_required(secure_admin_login(admin.site.login))  # type: ignore[method-assign] # the admin offers no other way

urlpatterns = [
    path("", include("catalog.urls")),
    path("", include("access.urls")),
    path("", include("progress.urls")),
    path("", include("accounts.urls")),
    path("api/", API_URLS),
    path("dashboard/", include("dashboard.urls")),
    path("admin/courses/", old_addresses.admin_courses, name="admin_courses"),
    path("admin/courses", old_addresses.admin_courses),
    path("admin/courses/new/", old_addresses.admin_course_new, name="admin_course_new"),
    path("admin/courses/new", old_addresses.admin_course_new),
    path("admin/courses/<path:rest>", old_addresses.admin_courses, name="admin_course"),
    path("help/", site.help_page, name="help"),
    path("legal/", site.legal, name="legal"),
    path("theme/", site.theme, name="theme"),
    path("healthz", site.healthz, name="healthz"),
    path("robots.txt", site.robots, name="robots"),
    path("sitemap.xml", login_not_required(require_safe(sitemap)), {"sitemaps": SITEMAPS | OFFERS}, name="sitemap"),
    path("django-admin/", admin.site.urls),
]

handler404 = "common.views.not_found"
handler500 = "common.views.server_error"
