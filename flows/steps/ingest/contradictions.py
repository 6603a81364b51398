"""Refuses an export whose own question texts or code labels contradict its source."""

from flows.foundation.messages import printable
from flows.foundation.text_comparison import same_text
from flows.programme.source import LoadedSource
from flows.steps.ingest.dialects import Layout
from flows.steps.ingest.matching import Columns
from flows.steps.ingest.readers.codebook import Codebook
from flows.steps.ingest.readers.unreadable import Unreadable


def refuse_contradictions(source: LoadedSource, layout: Layout, columns: Columns, codebook: Codebook | None) -> None:
    """Compare the question texts and, if the file has a codebook, the code labels with the source.

    Raises:
        Unreadable: a column has the question text of another item, or a code has the label of another number.
    """
    _refuse_swapped_questions(source, layout, columns)
    if codebook:
        _refuse_other_labels(source, layout, columns, codebook)


def _refuse_swapped_questions(source: LoadedSource, layout: Layout, columns: Columns) -> None:
    items = source.instrument.model.items
    wordings = {same_text(text): item for item, about in items.items() for text in about.text.values()}
    for item, position in columns.of_items:
        asked = wordings.get(same_text(layout.questions[position]), item)
        if asked != item:
            raise Unreadable(
                "The source says that '%(heading)s' is item %(item)s, but its question text is that of item %(asked)s.",
                "Correct the columns in sources/%(file)s.",
                heading=printable(layout.headings[position]),
                item=item,
                asked=asked,
                file=source.path.name,
            )


def _refuse_other_labels(source: LoadedSource, layout: Layout, columns: Columns, codebook: Codebook) -> None:
    for item, position in columns.of_items:
        variable = layout.headings[position]
        # The codebook of an item that the tool has already reversed still has the labels from before reversal.
        labels = {} if item in source.model.already_reversed else codebook.labels.get(variable, {})
        for code, label in labels.items():
            value, labelled = source.read_answer(item, code).value, source.instrument.read_label(item, label).value
            if value is not None and labelled is not None and value != labelled:
                raise Unreadable(
                    "The file says that code %(code)s of '%(heading)s' means '%(label)s', which is %(labelled)s, but"
                    " the source reads it as %(value)s.",
                    "Write 'answers: codes' with the right codes in sources/%(file)s.",
                    code=printable(code),
                    heading=printable(variable),
                    label=printable(label),
                    labelled=labelled,
                    value=value,
                    file=source.path.name,
                )
