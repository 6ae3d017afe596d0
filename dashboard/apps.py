from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self) -> None:
        from dashboard import undoing_rights  # noqa: F401 - registers what can be taken back
