"""A file's own codebook: the labels of codes, and the codes that it declares missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Codebook:
    """By variable: the label of each code, and the ranges (both ends included) of codes declared missing."""

    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)

    def is_missing(self, variable: str, code: str) -> bool:
        """Whether the file declares this code of a variable as missing."""
        ranges = self.missing.get(variable, ())
        try:
            number = float(code) if ranges else 0.0
        except ValueError:
            return False
        return any(low <= number <= high for low, high in ranges)
