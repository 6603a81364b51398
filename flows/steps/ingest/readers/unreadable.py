"""Why a file cannot be read, in terms that a steward understands."""

from collections.abc import Mapping


class Unreadable(Exception):
    """A file that cannot be read and is held: what is wrong with it, and what the steward can do."""

    def __init__(self, reason: str, advice: str, readings: Mapping[str, str] | None = None, **values: object) -> None:
        """Both texts are msgids of the catalogues; `values` fill in their placeholders, such as %(name)s.

        `readings`: part of a line, decoded in several encodings; shown only to the steward, since it may contain an
        answer.
        """
        super().__init__(reason % values)
        self.reason = reason
        self.advice = advice
        self.readings = dict(readings or {})
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """Make the exception picklable, so that a child process can raise it."""
        return _again, (self.reason, self.advice, self.readings, self.values)


def _again(reason: str, advice: str, readings: dict[str, str], values: dict[str, object]) -> Unreadable:
    return Unreadable(reason, advice, readings, **values)
