"""Basics without knowledge of surveys: errors, messages, strict YAML, files, the lock, contracts between stages."""
