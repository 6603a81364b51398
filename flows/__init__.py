"""Motiefmix: survey exports in, motivation reports and an analysts' database out."""

__version__ = "0.1.0"
