"""`motiefmix gallery`: a simulated programme in which every edge case of a report occurs."""

from pathlib import Path

from flows.commands.demo import simulate


def command(folder: Path = Path("gallery")) -> int:
    """Simulate a programme and run it, with every edge case."""
    return simulate(folder, 2, "gallery")
