"""In which words staff read through what a right came."""

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("manual", "Granted by staff"),
        ("cohort", "Cohort: Spring"),
        ("path", "Learning path: Ways"),
        ("bundle", "Bundle: All"),
    ],
)
def test_a_right_says_through_what_it_came(kind, label):
    links = {
        "cohort": {"cohort": make.CohortFactory(name="Spring")},
        "path": {"path": make.LearningPathFactory(title="Ways")},
        "bundle": {"bundle_purchase": make.BundlePurchaseFactory(bundle__name="All")},
    }

    assert make.CourseAccessFactory(access_type=kind, **links.get(kind, {})).source_label == label
