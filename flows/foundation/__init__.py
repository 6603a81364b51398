"""What every room stands on: errors, messages, strict YAML, files, the lock; knows nothing of surveys."""
