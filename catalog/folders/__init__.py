"""Courses as folders of Markdown files: read, written, and applied to the database without losing anything."""
