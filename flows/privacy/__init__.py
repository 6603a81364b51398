"""Operations on everything that is stored: erasure, retention, and rotation of the pseudonym key."""
