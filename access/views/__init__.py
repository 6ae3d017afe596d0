"""Pages and forms of access. One file per noun."""
