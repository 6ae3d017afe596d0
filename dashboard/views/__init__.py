"""Pages of staff. One file per noun; each view is `@staff_only`, and `@changes_access` where it changes a right."""
