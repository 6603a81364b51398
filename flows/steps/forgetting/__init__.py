"""Forgetting: people who asked for it, and answers whose time is over.

`tombstones` keep those who were erased from coming back, `kept_files` takes their rows out of the copies of exports,
`clean_database` writes the warehouse anew, since what DuckDB deletes stays in its file, and `expiry` ends what is old.
"""
