"""Why a file cannot be read, in words a steward understands."""


class Unreadable(Exception):
    """The file is held: what is wrong with it, and what the steward can do."""

    def __init__(self, reason: str, advice: str, **values: object) -> None:
        """Both texts are msgids of the catalogues, with `values` where they say %(name)s."""
        super().__init__(reason % values)
        self.reason = reason
        self.advice = advice
        self.values = values
