"""What a page may cost. The numbers are the project's promises; a run that breaks one of the first kind fails."""

# Queries of one visit, session and user included.
QUERIES = {
    "catalog, visitor, uncached": 3,
    "catalog, visitor, cached": 0,
    "course, visitor": 8,
    "course, enrolled": 8,
    "lesson": 8,
    "lesson, refused": 8,
    "progress call": 5,
    "progress call, refused": 5,
    "complete, by call": 10,
    "complete, by form": 10,
    "my dashboard": 6,
    "my course progress": 8,
}
# CPU in units of the floor's page. A goal, not a gate: it is reported, and a noisy machine breaks no build.
GOALS = {
    "catalog, visitor, uncached": 1.5,
    "catalog, visitor, cached": 0.3,
    "course, enrolled": 2.5,
    "lesson": 2.9,
    "progress call": 1.5,
    "my dashboard": 2.0,
}
