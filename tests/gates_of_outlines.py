"""What the table of gates says of the builder's pages, of the API for staff, and of addresses that moved."""

BUILDER_FORMS = {
    f"dashboard:outline_{name}"
    for name in (
        "module_add", "module_change", "module_move", "module_delete", "lesson_add", "lesson_rename", "lesson_move",
    )
}  # fmt: skip
# The method and what staff get; everybody else stays outside. Steps say what they saw, and here they saw nothing.
BUILDER = {
    **dict.fromkeys(["dashboard:course_outline", *BUILDER_FORMS], ("GET", 200)),
    **{f"dashboard:outline_lesson_{name}": ("POST", 302) for name in ("duplicate", "publish", "unpublish", "delete")},
    **{f"dashboard:outline_{noun}_{way}": ("POST", 409) for noun in ("module", "lesson") for way in ("up", "down")},
}
# The same for the API, asked with an empty object; an address is shared by methods.
ADMIN_API = {
    "api:admin_reorder_modules": ("PUT", 400),
    "api:admin_reorder_units": ("PUT", 400),
    **{f"api:admin_list_{noun}s": ("GET", 200) for noun in ("course", "module", "unit")},
    **{f"api:admin_add_{noun}": ("POST", 400) for noun in ("course", "module", "unit")},
    **{f"api:admin_get_{noun}": ("GET", 200) for noun in ("course", "module", "unit")},
    **{f"api:admin_change_{noun}": ("PATCH", 200) for noun in ("course", "module", "unit")},
    **{f"api:admin_delete_{noun}": ("DELETE", 204) for noun in ("course", "module", "unit")},
}
MOVED = {"admin_courses", "admin_course_new", "admin_course"}  # to the dashboard, which has gates of its own
