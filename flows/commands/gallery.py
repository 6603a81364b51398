"""`motiefmix gallery`: a simulated programme that covers every edge case of a report."""

from pathlib import Path

from flows.commands.demo import simulate


def command(folder: Path = Path("gallery")) -> int:
    """Simulate a programme with every edge case, and run it."""
    return simulate(folder, 2, "gallery")
