"""Everything that a programme folder says: settings, register, sources, instrument, decisions and so on."""
