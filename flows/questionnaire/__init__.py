"""`motiefmix questionnaire`: the instrument as a survey that a tool can import, with the source that fits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from flows.questionnaire import limesurvey, plain_text, qualtrics, xlsform
from flows.questionnaire.form import Form, make_form
from flows.questionnaire.source_file import Mapping, write_source
from flows.steps.languages import Language
from flows.steps.mistakes import Mistake
from flows.steps.reference import Programme

Target = Literal["limesurvey", "qualtrics", "xlsform", "text"]
__all__ = ["TOOLS", "Target", "write_questionnaire"]


@dataclass(frozen=True)
class Writer:
    """How a form is written for a tool: the file, and per tool that may export it what its columns and codes are."""

    ending: str
    write: Callable[[Form, Path], None]
    mappings: Callable[[Form], Iterator[Mapping]]


TOOLS: dict[Target, Writer] = {
    "limesurvey": Writer(".txt", limesurvey.write, limesurvey.mappings),
    "qualtrics": Writer(".txt", qualtrics.write, qualtrics.mappings),
    "xlsform": Writer(".xlsx", xlsform.write, xlsform.mappings),
    "text": Writer(".txt", plain_text.write, plain_text.mappings),
}
assert set(TOOLS) == set(get_args(Target))


def write_questionnaire(
    programme: Programme, tool: Target, language: Language, sources: Path, folder: Path
) -> tuple[Path, ...]:
    """Write the survey into `folder` and its sources into `sources`; returns the files, the survey first.

    Raises:
        Mistake: the instrument has no wording in that language, or a source of that name says something else.
    """
    form = make_form(programme, language)
    name = f"{programme.instrument.model.instrument}-{language}"
    texts = {sources / f"{name}-{m.tool.replace('_', '-')}.yaml": m for m in TOOLS[tool].mappings(form)}
    written = {path: write_source(form, mapping, path.stem) for path, mapping in texts.items()}
    for path, text in written.items():
        if path.exists() and path.read_text(encoding="utf-8") != text:
            raise Mistake(f"sources/{path.name} is there already and says something else. Move it, or change it there.")
    folder.mkdir(parents=True, exist_ok=True)
    survey = folder / f"{name}-{tool}{TOOLS[tool].ending}"
    TOOLS[tool].write(form, survey)
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")
    return (survey, *written)
