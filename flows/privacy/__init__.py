"""What goes through all that is kept: erasure, retention, and rotation of the pseudonym key."""
