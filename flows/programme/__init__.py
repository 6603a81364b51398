"""Loads and checks the files of a programme folder: settings, register, sources, instrument, decisions and so on."""
