"""The stages of a run as plain functions: nothing in here knows Prefect."""
