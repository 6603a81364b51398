"""Options shared by many commands."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

ProgrammeOption = Annotated[Path, Parameter(name=["--programme", "-p"], help="The programme folder.")]
JsonOption = Annotated[bool, Parameter(name="--json", negative=(), help="Print the outcome as JSON.")]
OnlyOption = Annotated[
    list[str] | None, Parameter(help="Only these organisations.", consume_multiple=True, negative=())
]
SetOption = Annotated[
    list[str] | None,
    Parameter(name="--set", negative=(), help="Answer a question about the source: collective.column=Group."),
]
HERE = Path()
