"""The inbox, and the kept copies of exports."""
