"""Errors that a user can fix, each with the sentence that the command line shows."""

from flows.foundation.exit_codes import ExitCode


class UserError(Exception):
    """An error that a user can fix: what is wrong, where, and what to do next. Never shown as a traceback."""

    exit_code = ExitCode.USAGE


class RegisterError(UserError):
    """The register contradicts itself: no release can be trusted, so the run stops before it."""

    exit_code = ExitCode.STOPPED


class NoInput(UserError):
    """There is nothing to make a release from."""

    exit_code = ExitCode.NO_INPUT


class Unsafe(UserError):
    """The audit found that a release would disclose too much about a few people."""

    exit_code = ExitCode.UNEXPECTED


class PublicFolderError(UserError):
    """A file in `public/` was changed by somebody else, so a run may not overwrite it."""


class PrefectFailed(UserError):
    """Prefect could not begin or end a run. Prefect's own message may hold flow parameters, so it is not shown."""

    exit_code = ExitCode.UNEXPECTED


class Interrupted(UserError):
    """A person, or the machine, stopped a run before its end."""

    exit_code = ExitCode.INTERRUPTED


class Locked(UserError):
    """Another run holds the programme's lock."""

    exit_code = ExitCode.LOCKED
