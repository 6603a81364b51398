"""`motiefmix questionnaire`: the instrument as a survey that a tool can import, with its source."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

from cyclopts import Parameter

from flows.commands.options import HERE, JsonOption, ProgrammeOption
from flows.commands.questionnaire import as_text, codes, limesurvey, qualtrics, xlsform
from flows.commands.questionnaire.content import Questionnaire, make_questionnaire
from flows.commands.questionnaire.extending import changes, extended
from flows.commands.questionnaire.source_file import ColumnMapping, write_source
from flows.commands.telling import print_json, say
from flows.foundation.atomic_files import replaced
from flows.programme import settings
from flows.programme.folder import ProgrammeFolder
from flows.programme.languages import Language
from flows.programme.loading import Programme, load_programme

Target = Literal["limesurvey", "qualtrics", "xlsform", "text"]
__all__ = ["TOOLS", "Target", "write_questionnaire"]


@dataclass(frozen=True)
class Writer:
    """Writes a form for a tool: the file, and the column mapping of each tool that may export it."""

    ending: str
    write: Callable[[Questionnaire, Path], None]
    mappings: Callable[[Questionnaire], Iterator[ColumnMapping]]
    has_codes: bool = False


@dataclass(frozen=True)
class Written:
    """The written files, survey first, and the changes needed in a survey that is already running."""

    paths: tuple[Path, ...]
    changes: tuple[str, ...] = ()


TOOLS: dict[Target, Writer] = {
    "limesurvey": Writer(".txt", limesurvey.write, limesurvey.mappings, has_codes=True),
    "qualtrics": Writer(".txt", qualtrics.write, qualtrics.mappings, has_codes=True),
    "xlsform": Writer(".xlsx", xlsform.write, xlsform.mappings),
    "text": Writer(".txt", as_text.write, as_text.mappings),
}
assert set(TOOLS) == set(get_args(Target))


def write_questionnaire(
    programme: Programme, tool: Target, language: Language, folder: ProgrammeFolder, target: Path
) -> Written:
    """Write the survey to `target`, and its sources; an existing source gains the new collectives of the register.

    Raises:
        UserError: the instrument has no wording in that language, or its source exists for another form.
    """
    form = make_questionnaire(programme, language)
    name = f"{programme.instrument.model.instrument}-{language}"
    by_name = {source.path.stem: source for source in programme.sources}
    if TOOLS[tool].has_codes:
        coded = f"{name}-{tool}"
        source = by_name[coded].model if coded in by_name else None
        form = form.with_codes(codes.of_form(folder.register, coded, source, form.collectives))
    mappings = {f"{name}-{mapping.tool.replace('_', '-')}": mapping for mapping in TOOLS[tool].mappings(form)}
    texts = {
        folder.sources / f"{stem}.yaml": extended(by_name[stem], mapping)
        if stem in by_name
        else write_source(form, mapping, stem)
        for stem, mapping in mappings.items()
    }
    changed = (changes(by_name[stem], form, mapping) for stem, mapping in mappings.items() if stem in by_name)
    target.mkdir(parents=True, exist_ok=True)
    survey = target / f"{name}-{tool}{TOOLS[tool].ending}"
    TOOLS[tool].write(form, survey)
    for path, text in texts.items():
        with replaced(path, mode=None, newline="") as file:
            file.write(text)
    return Written((survey, *texts), tuple(dict.fromkeys(line for lines in changed for line in lines)))


def command(
    *,
    tool: Annotated[Target, Parameter(help="The tool that will import it.")],
    language: Language | None = None,
    out: Annotated[
        Path | None, Parameter(help="Output folder; by default the folder questionnaire of the programme.")
    ] = None,
    programme: ProgrammeOption = HERE,
    json: JsonOption = False,
) -> None:
    """Write the survey and its sources."""
    chosen = settings.load(programme)
    target = out or chosen.root / "questionnaire"
    written = write_questionnaire(load_programme(chosen), tool, language or chosen.language, chosen.folder, target)
    if json:
        print_json({"files": [str(path) for path in written.paths], "changes": written.changes})
        return
    for path in written.paths:
        print(path)
    say("Import the first in your survey tool; the exports of that form need no mapping.")
    if written.changes:
        say("\n".join(("In a survey that is already running:", *(f"- {line}" for line in written.changes))))
