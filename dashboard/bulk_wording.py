"""How staff read a batch: verdicts as words and colours, and a sentence for each line."""

from datetime import datetime

from access.models import AccessBatch, AccessBatchRow, BatchAction, BatchState, UndoOutcome, Verdict
from common.moments import format_moment
from dashboard.wording import Sign

LATE = "late"
TO_COME = {
    Verdict.GRANT: Sign("Will grant", "ok", "plus"),
    Verdict.EXTEND: Sign("Will extend", "ok", "clock"),
    Verdict.REVOKE: Sign("Will revoke", "bad", "x"),
}
DONE = {
    Verdict.GRANT: Sign("Granted", "ok", "check"),
    Verdict.EXTEND: Sign("Extended", "ok", "check"),
    Verdict.REVOKE: Sign("Revoked", "bad", "x"),
}
SKIPPED = {
    Verdict.HELD: Sign("Already have it", "neutral", "circle"),
    Verdict.SUSPENDED: Sign("Suspended", "warn", "stop"),
    Verdict.STAFF: Sign("Staff", "neutral", "shield"),
    Verdict.NOTHING_HELD: Sign("Nothing to change", "neutral", "circle"),
    Verdict.NO_END: Sign("Without an end", "neutral", "circle"),
    Verdict.TOO_LATE: Sign("Would have ended", "warn", "clock"),
    Verdict.UNKNOWN_EMAIL: Sign("Unknown e-mail", "warn", "warning"),
    Verdict.UNKNOWN_COURSE: Sign("Unknown course", "warn", "warning"),
    Verdict.REPEATED: Sign("Repeated line", "neutral", "copy"),
    Verdict.BAD_ACTION: Sign("Unknown action", "warn", "warning"),
    Verdict.BAD_DATE: Sign("Bad date", "warn", "warning"),
    Verdict.NO_REASON: Sign("Reason missing", "warn", "warning"),
}
UNDO = {
    UndoOutcome.UNDONE: Sign("Undone", "info", "undo"),
    UndoOutcome.CHANGED: Sign("Changed since", "warn", "warning"),
    UndoOutcome.GONE: Sign("Stays revoked", "warn", "x"),
}
STATES = {
    BatchState.DRAFT: Sign("Checked", "info", "list"),
    BatchState.APPLYING: Sign("Being applied", "plum", "refresh"),
    BatchState.APPLIED: Sign("Applied", "ok", "check"),
    BatchState.UNDOING: Sign("Being undone", "plum", "refresh"),
    BatchState.UNDONE: Sign("Undone", "neutral", "undo"),
    BatchState.EXPIRED: Sign("Not applied", "neutral", "clock"),
}
CAUSES = {
    Verdict.HELD: "Has the course open already, or as long as that.",
    Verdict.SUSPENDED: "Suspended from the course. Reinstate them first.",
    Verdict.STAFF: "Staff open every course.",
    Verdict.NOTHING_HELD: "Holds no right to the course.",
    Verdict.NO_END: "The right has no end that could be moved.",
    Verdict.TOO_LATE: "The right would have ended already.",
    Verdict.UNKNOWN_EMAIL: "Nobody has an account with this address.",
    Verdict.UNKNOWN_COURSE: "No course has this address.",
    Verdict.REPEATED: "A line before names this student and course.",
    Verdict.BAD_ACTION: "The action must be grant, extend or revoke.",
    Verdict.BAD_DATE: "Write the day as in 2026-05-31.",
    Verdict.NO_REASON: "Revoking needs a reason, in the column note.",
}
EXTEND_UNTIL = "Extending needs the last day, in the column expires_at."
UNDO_CAUSES = {
    UndoOutcome.CHANGED: "Something else happened to the right since, so it stays as it is.",
    UndoOutcome.GONE: "A revoked right does not come back. Grant a new one.",
}


def sign_of_batch(batch: AccessBatch, now: datetime) -> Sign:
    return STATES[batch.state_at(now)]


def sign_of_verdict(verdict: str, batch: AccessBatch) -> Sign:
    """A line's verdict: what will happen, or did."""
    changing = DONE if batch.applied_at else TO_COME
    return (changing | SKIPPED)[Verdict(verdict)]


def sign_of_line(row: AccessBatchRow, batch: AccessBatch) -> Sign:
    """The outcome of undoing where there is one, else the verdict."""
    return UNDO[UndoOutcome(row.undo)] if row.undo else sign_of_verdict(row.verdict, batch)


def cause_of(row: AccessBatchRow) -> str:
    """Why the line does nothing, or what more there is to know of what it does."""
    if row.undo in UNDO_CAUSES:
        return UNDO_CAUSES[UndoOutcome(row.undo)]
    if row.verdict == Verdict.BAD_DATE and row.action == BatchAction.EXTEND and not row.until_text:
        return EXTEND_UNTIL
    if cause := CAUSES.get(Verdict(row.verdict)):
        return f"Changed since the check. {cause}" if row.is_late else cause
    return f"Until {format_moment(row.until)}" if row.until and row.action != BatchAction.REVOKE else row.note
