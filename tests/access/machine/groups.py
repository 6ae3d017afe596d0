"""What gives and takes several rights at once: cohorts, the path, the bundle, overrides of a tier."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from access.models import BundlePurchase, Cohort, PathMembership
from access.services import (
    add_to_cohort,
    buy_bundle,
    end_bundle_purchase,
    join_cohort,
    join_path,
    leave_cohort,
    leave_path,
    override_tier,
    remove_from_cohort,
    save_cohort,
    start_path,
)
from tests.access.catching import catch_up_all
from tests.access.machine.rules import PICK, WHICH, WHO
from tests.access.machine.world import DAY, STARTS_ON, fresh

GROUP = st.integers(0, 1)


class Groups:
    """Cohorts: the first grants and has one seat, the second grants nothing."""

    def cohort(self, group):
        return Cohort.objects.get(pk=self.school.cohorts[group].pk)

    @rule(who=WHO, which=WHICH, group=GROUP)
    def join_a_cohort(self, who, which, group):
        course = fresh(self.school.courses[which])
        self.attempt(join_cohort, user=self.school.students[who], cohort=self.cohort(group), course=course)

    @rule(who=WHO, group=GROUP)
    def leave_a_cohort(self, who, group):
        self.attempt(leave_cohort, user=self.school.students[who], cohort=self.cohort(group))

    @rule(who=WHO, group=GROUP)
    def staff_add_to_a_cohort(self, who, group):
        of = {"user": self.school.students[who], "actor": self.school.staff}
        self.attempt(add_to_cohort, cohort=self.cohort(group), **of)

    @rule(who=WHO, group=GROUP, keep_access=st.booleans())
    def staff_remove_from_a_cohort(self, who, group, keep_access):
        of = {"user": self.school.students[who], "actor": self.school.staff, "keep_access": keep_access}
        self.attempt(remove_from_cohort, cohort=self.cohort(group), **of)

    @rule(group=GROUP, days=st.sampled_from([None, -3, 0, 25]), seats=st.sampled_from([None, 0, 1, 2]),
          takes_back=st.booleans(), grants=st.booleans(), is_active=st.sampled_from([True, True, False]))  # fmt: skip
    def change_a_cohort(self, group, days, seats, takes_back, grants, is_active):
        cohort = self.cohort(group)
        cohort.starts_on = None if days is None else STARTS_ON + days * DAY
        cohort.max_participants, cohort.remove_access_on_leave = seats, takes_back
        cohort.grants_access, cohort.is_active = grants, is_active
        self.attempt(save_cohort, cohort=cohort, actor=self.school.staff)

    @rule(group=GROUP, which=WHICH)
    def give_a_cohort_another_course(self, group, which):
        self.cohort(group).courses.add(self.school.courses[which])
        self.attempt(catch_up_all, group=self.cohort(group), actor=self.school.staff)


class Products:
    """The path, the bundle, and memberships that staff give for a time."""

    @rule(who=WHO, by_staff=st.booleans())
    def join_the_path(self, who, by_staff):
        self.attempt(join_path if by_staff else start_path, user=self.school.students[who], path=self.school.path)

    @rule(who=WHO)
    def leave_the_path(self, who):
        for membership in PathMembership.objects.filter(user=self.school.students[who], left_at=None):
            self.attempt(leave_path, membership=membership)

    @rule(required=st.booleans())
    def change_the_path(self, required):
        self.school.path.steps.filter(order=0).update(is_required=required)
        self.attempt(catch_up_all, group=self.school.path)

    @rule(who=WHO, level=st.integers(1, 3), order=st.integers(1, 2))
    def buy_the_bundle(self, who, level, order):
        of = {"user": self.school.students[who], "bundle": self.school.bundle, "source_key": f"order:{order}"}
        self.attempt(buy_bundle, level=level, **of)

    @rule(pick=PICK)
    def refund_the_bundle(self, pick):
        purchases = list(BundlePurchase.objects.order_by("pk"))
        if purchases:
            purchase = purchases[pick % len(purchases)]
            self.attempt(end_bundle_purchase, bundle_purchase=purchase, reason="Refund", cause="refund:1")

    @rule(who=WHO, level=st.integers(1, 3), days=st.sampled_from([0, 1, 40]))
    def override_a_tier(self, who, level, days):
        of = {"user": self.school.students[who], "actor": self.school.staff, "reason": "Volunteer"}
        self.attempt(override_tier, level=level, until=self.school.now + days * DAY, **of)
