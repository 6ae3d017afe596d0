"""Reads of the staff pages that no other page needs. One file per noun."""
