"""Raw access for staff until the dashboard exists. One file per noun; every change goes through the services."""

from access.admin import cohorts, rights, tiers

__all__ = ["cohorts", "rights", "tiers"]
