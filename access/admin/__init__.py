"""Raw access for staff until the dashboard exists. One file per noun; every change goes through the services."""

from access.admin import bundles, cohorts, paths, rights, tiers

__all__ = ["bundles", "cohorts", "paths", "rights", "tiers"]
