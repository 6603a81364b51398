"""General utilities: errors, messages, strict YAML, files, the lock, contracts between stages."""
