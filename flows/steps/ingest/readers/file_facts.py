"""What readers must know of single survey tools; the dialects state it, and it travels to the sandbox as plain data."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields

from flows.steps.ingest.readers.unreadable import Unreadable


@dataclass(frozen=True)
class Document:
    """A text that is no export: a regular expression for what stands in it, and what the steward is told.

    With `is_markup` the expression fits anywhere in a text that begins as markup, else at the start of any other text.
    """

    pattern: str
    refusal: Unreadable
    is_markup: bool = True

    def is_in(self, text: str, is_markup: bool) -> bool:
        """Whether the beginning of a file is that of such a document."""
        find = re.search if is_markup else re.match
        return self.is_markup == is_markup and find(self.pattern, text, re.IGNORECASE | re.DOTALL) is not None


@dataclass(frozen=True)
class FileFacts:
    """What the files of a survey tool, or those of several, are known by.

    `unquoted`: the headings of tab separated files in which no cell is quoted, so that a quotation mark is an answer's.
    `documents`: files that are no exports. `form_sheets`: the sheets of a workbook that is a questionnaire.

    In JSON, `responses` are names over the list of responses, and `questions` are names over the list of questions of a
    questionnaire, each of which has one of the names `of_a_question`; `forms` are names over a whole questionnaire.
    """

    unquoted: tuple[frozenset[str], ...] = ()
    documents: tuple[Document, ...] = ()
    form_sheets: tuple[frozenset[str], ...] = ()
    responses: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    of_a_question: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()

    @classmethod
    def of_all(cls, parts: Iterable["FileFacts"]) -> "FileFacts":
        """The facts of several tools together, each fact once."""
        kept = tuple(parts)
        return cls(
            **{
                field.name: tuple(dict.fromkeys(fact for part in kept for fact in getattr(part, field.name)))
                for field in fields(cls)
            }
        )
