"""Shares as people read them."""


def percent(done: int, total: int) -> int:
    """Whole number, rounded down; 100 only when all are done; of nothing it is 0  [X-18]."""
    return done * 100 // total if total else 0
