"""Why a file cannot be read, in words a steward understands."""


class Unreadable(Exception):
    """The file is held: what is wrong with it, and what the steward can do."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice
