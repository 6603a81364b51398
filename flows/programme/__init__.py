"""What a programme folder says: settings, register, sources, instrument, decisions and the rest."""
