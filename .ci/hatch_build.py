"""Compiles the catalogues of translations into the wheel, where the standard library reads them.

A checkout has none that could fall behind: there `flows/steps/render/language.py` compiles them as it reads them.
"""

import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledCatalogues(BuildHookInterface[Any]):
    """Adds a `.mo` file beside each `.po` file of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile into a temporary folder, which `finalize` removes; an editable install needs nothing of it."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        for number, source in enumerate(sorted(Path(self.root).glob("report_templates/locale/*/LC_MESSAGES/*.po"))):
            target = source.relative_to(self.root).with_suffix(".mo")
            compiled = Path(self._folder.name) / f"{number}.mo"
            with source.open("rb") as file, compiled.open("wb") as made:
                write_mo(made, read_po(file, locale=target.parts[2]))
            build_data["force_include"][str(compiled)] = f"flows/{target.as_posix()}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder."""
        if version != "editable":
            self._folder.cleanup()
