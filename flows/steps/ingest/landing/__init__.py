"""The inbox, and the copies of exports that are kept."""
