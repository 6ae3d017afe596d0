"""What people and the clock do to rights; each rule is one step of the machine."""

from datetime import timedelta

import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import rule

from access.models import CourseAccess, Suspension
from access.services import (
    AccessRefused,
    BundleRefused,
    CohortClosed,
    CohortFull,
    EnrollmentClosed,
    NotAMember,
    PathClosed,
    SeatsBelowMembers,
    activate_access,
    enroll_free,
    extend_access,
    grant_access,
    join_course,
    lock_access,
    reinstate,
    revoke_access,
    suspend,
    sweep_access,
    unlock_access,
)
from catalog.services import require_first, save_course
from tests.access.machine.world import DAY, TICK, WAYS_IN, fresh, held

WHO, WHICH, PICK = st.integers(0, 1), st.integers(0, 2), st.integers(0, 99)
LENGTHS = st.sampled_from([None, timedelta(hours=1), DAY, 3 * DAY, 40 * DAY])
REFUSED = (
    AccessRefused, BundleRefused, CohortClosed, CohortFull, EnrollmentClosed, NotAMember, PathClosed, SeatsBelowMembers,
)  # fmt: skip


class Rights:
    """Rights given, changed and taken one by one, and suspensions over them."""

    def attempt(self, service, **arguments):
        """Call a service; what it refuses must leave every right as it was."""
        before = held()
        try:
            service(now=self.school.now, **arguments)
        except REFUSED:
            assert held() == before
            self.school.seen[service.__name__, "refused"] += 1
        else:
            self.school.seen[service.__name__, "done"] += 1

    def on_a_right(self, pick, service, **arguments):
        rows = list(CourseAccess.objects.order_by("pk"))
        if rows:
            self.attempt(service, access=rows[pick % len(rows)], **arguments)

    @rule(who=WHO, which=WHICH, kind=st.sampled_from(["manual", "purchase"]), ends=LENGTHS, key=st.integers(0, 1),
          must_join=st.booleans(), starts=st.sampled_from([None, None, DAY]))  # fmt: skip
    def grant(self, who, which, kind, ends, key, must_join, starts):
        now = self.school.now
        starts_at = now + starts if starts else None
        expires_at = (starts_at or now) + ends if ends else None
        self.attempt(grant_access, user=self.school.students[who], course=fresh(self.school.courses[which]),
                     access_type=kind, source_key=f"test:{key}", must_join=must_join, starts_at=starts_at,
                     expires_at=expires_at, actor=self.school.staff)  # fmt: skip

    @rule(who=WHO, which=WHICH)
    def grant_what_waits_for_a_payment(self, who, which):
        self.attempt(grant_access, user=self.school.students[who], course=fresh(self.school.courses[which]),
                     access_type="purchase", source_key="order:7", is_pending=True)  # fmt: skip

    @rule(who=WHO, level=st.integers(1, 3), ends=LENGTHS)
    def grant_a_tier(self, who, level, ends):
        expires_at = self.school.now + ends if ends else None
        self.attempt(grant_access, user=self.school.students[who], tier_level=level, access_type="subscription",
                     source_key="subscription:1", expires_at=expires_at)  # fmt: skip

    @rule(pick=PICK)
    def activate(self, pick):
        self.on_a_right(pick, activate_access)

    @rule(pick=PICK)
    def revoke(self, pick):
        self.on_a_right(pick, revoke_access, reason="Refund", actor=self.school.staff)

    @rule(pick=PICK)
    def lock(self, pick):
        self.on_a_right(pick, lock_access, reason="Instalment failed")

    @rule(pick=PICK)
    def unlock(self, pick):
        self.on_a_right(pick, unlock_access)

    @rule(pick=PICK, days=st.integers(0, 3))
    def extend(self, pick, days):
        self.on_a_right(pick, extend_access, days=days)

    @rule(who=WHO, which=WHICH)
    def suspend(self, who, which):
        self.attempt(suspend, user=self.school.students[who], course=self.school.courses[which],
                     actor=self.school.staff, reason="Shared the password")  # fmt: skip

    @rule(pick=PICK)
    def reinstate(self, pick):
        suspensions = list(Suspension.objects.order_by("pk"))
        if suspensions:
            self.attempt(reinstate, suspension=suspensions[pick % len(suspensions)], actor=self.school.staff)


class Students:
    """What students do themselves, and time."""

    @rule(who=WHO, which=WHICH)
    def enroll_in_a_free_course(self, who, which):
        self.attempt(enroll_free, user=self.school.students[who], course=fresh(self.school.courses[which]))

    @rule(who=WHO, which=WHICH)
    def join(self, who, which):
        self.attempt(join_course, user=self.school.students[who], course=fresh(self.school.courses[which]))

    @rule(who=WHO, which=WHICH)
    def complete_a_course(self, who, which):
        for lesson in self.school.lessons_of(self.school.courses[which]):
            self.press(who, lesson, "true")

    @rule(who=WHO, which=st.integers(0, 4), wanted=st.sampled_from(["true", "false"]))
    def mark_a_lesson(self, who, which, wanted):
        self.press(who, self.school.lessons[which], wanted)

    def press(self, who, lesson, wanted):
        """The button of the lesson page, whether or not the student can see it."""
        with time_machine.travel(self.school.now, tick=False):
            url = f"/courses/{lesson.course.slug}/{lesson.slug}/complete/"
            self.school.clients[who].post(url, {"completed": wanted})

    @rule()
    def sweep(self):
        self.attempt(sweep_access)

    @rule(by=st.sampled_from([timedelta(hours=3), DAY, 5 * DAY, 31 * DAY]))
    def wait(self, by):
        self.school.tick(by)

    @rule(pick=st.integers(0, 2), just=st.sampled_from([timedelta(0), timedelta(0), TICK]))
    def wait_for_the_boundary(self, pick, just):
        moments = self.school.moments_to_come()
        if moments:
            self.school.now = max(self.school.now, moments[pick % len(moments)] - just)


class Settings:
    """Staff change courses; sold rights stay as they were sold."""

    def change(self, which, **fields):
        course = fresh(self.school.courses[which])
        for name, value in fields.items():
            setattr(course, name, value)
        save_course(course)

    @rule(which=WHICH, status=st.sampled_from(["active", "active", "locked", "archived", "coming_soon", "draft"]))
    def change_status(self, which, status):
        self.change(which, status=status)

    @rule(which=WHICH, visibility=st.sampled_from(["public", "members_only", "hidden", "private"]))
    def change_visibility(self, which, visibility):
        self.change(which, visibility=visibility)

    @rule(which=WHICH, way=st.sampled_from([*WAYS_IN, ("open", 0)]))
    def change_the_way_in(self, which, way):
        self.change(which, enrollment_method=way[0], required_level=way[1])

    @rule(which=WHICH, kind=st.sampled_from(["lifetime", "fixed_days", "until_date", "drip"]))
    def change_duration(self, which, kind):
        until = self.school.now + 10 * DAY
        self.change(which, access_duration_type=kind, access_duration_days=2, access_until=until)

    @rule(which=st.integers(0, 1), wanted=st.booleans())
    def change_prerequisites(self, which, wanted):
        required = [fresh(self.school.courses[2])] if wanted else []
        require_first(fresh(self.school.courses[which]), required)
