"""What a page costs, in units of the smallest honest Django page: see README.md."""
