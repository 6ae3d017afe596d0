from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self) -> None:
        from dashboard import receivers, undoing_rights  # noqa: F401 - connects; registers what can be taken back
