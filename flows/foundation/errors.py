"""What can be wrong with what people hand us, each with the words that the command line shows."""


class UserError(Exception):
    """Something a person can mend: what is wrong, where, and what to do next. Never shown as a traceback."""

    exit_code = 2


class RegisterError(UserError):
    """The register contradicts itself: no release can be trusted, so the run stops before it."""

    exit_code = 3


class NoInput(UserError):
    """There is nothing to make a release from."""

    exit_code = 4


class Unsafe(UserError):
    """A release would tell too much of few people: the last look before it found what disclosure control missed."""

    exit_code = 1


class PublicFolderError(UserError):
    """Somebody did something in `public/` that no run may go over."""


class PrefectFailed(UserError):
    """Prefect could not begin or end a run; its own words may hold what the flow was given, so they are not told."""

    exit_code = 1


class Locked(UserError):
    """Another run holds the programme's lock."""

    exit_code = 75
