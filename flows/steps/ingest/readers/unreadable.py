"""Why a file cannot be read, in words a steward understands."""

from collections.abc import Mapping


class Unreadable(Exception):
    """The file is held: what is wrong with it, and what the steward can do."""

    def __init__(self, reason: str, advice: str, readings: Mapping[str, str] | None = None, **values: object) -> None:
        """Both texts are msgids of the catalogues, with `values` where they say %(name)s.

        `readings` are lines of the file as several encodings would read them: for the steward's eyes only, since a
        line may hold an answer.
        """
        super().__init__(reason % values)
        self.reason = reason
        self.advice = advice
        self.readings = dict(readings or {})
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """Lets it travel from a child process."""
        return _again, (self.reason, self.advice, self.readings, self.values)


def _again(reason: str, advice: str, readings: dict[str, str], values: dict[str, object]) -> Unreadable:
    return Unreadable(reason, advice, readings, **values)
