"""What readers must know about particular survey tools: defined by the dialects, sent to the sandbox as plain data."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields

from flows.steps.ingest.readers.unreadable import Unreadable


@dataclass(frozen=True)
class Document:
    """A kind of text that is not an export: a regular expression for its content, and the message to the steward.

    With `is_markup` the expression is searched anywhere in a text that begins as markup; without, it must match at the
    start of a text that does not.
    """

    pattern: str
    refusal: Unreadable
    is_markup: bool = True

    def is_in(self, text: str, is_markup: bool) -> bool:
        """Whether `text`, the beginning of a file, is that of such a document."""
        find = re.search if is_markup else re.match
        return self.is_markup == is_markup and find(self.pattern, text, re.IGNORECASE | re.DOTALL) is not None


@dataclass(frozen=True)
class FileFacts:
    """How to recognise the files of one survey tool, or of several.

    `unquoted`: the headings of tab-separated files in which no cell is quoted, so that a quotation mark belongs to an
    answer. `documents`: files that are not exports. `form_sheets`: the sheets of a workbook that is a questionnaire.

    Keys in JSON: `responses` for the list of responses; `questions` for a questionnaire's list of questions, each of
    which has one of the keys `of_a_question`; `forms` for a whole questionnaire.
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
        """The facts of several tools, merged without duplicates."""
        kept = tuple(parts)
        return cls(
            **{
                field.name: tuple(dict.fromkeys(fact for part in kept for fact in getattr(part, field.name)))
                for field in fields(cls)
            }
        )
