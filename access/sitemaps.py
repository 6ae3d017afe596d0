"""Paths and bundles in the sitemap: those a visitor sees, and only if they name a course."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from access.models import Bundle, LearningPath
from access.offers import bundles_listed_to, paths_listed_to


class PathSitemap(Sitemap[LearningPath]):
    def items(self) -> QuerySet[LearningPath]:
        return paths_listed_to(AnonymousUser())


class BundleSitemap(Sitemap[Bundle]):
    def items(self) -> QuerySet[Bundle]:
        return bundles_listed_to(AnonymousUser())


class OfferPageSitemap(Sitemap[str]):
    def items(self) -> list[str]:
        return ["path_list"]

    def location(self, item: str) -> str:
        return reverse(item)


OFFERS = {"offer_pages": OfferPageSitemap, "paths": PathSitemap, "bundles": BundleSitemap}
