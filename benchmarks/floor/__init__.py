"""The smallest honest Django project: what a page costs before it does anything of ours."""
