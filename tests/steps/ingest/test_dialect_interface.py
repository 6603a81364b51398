"""A survey tool is known in its dialect alone: a tool that is added changes no reader, no command and no SQL."""

import ast
import json
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from flows.foundation.resources import resource
from flows.programme.source_model import Tool
from flows.steps.ingest.dialects import DIALECTS, FILE_FACTS, recognise, respondent_columns
from flows.steps.ingest.readers.file_facts import Document, FileFacts
from flows.steps.ingest.readers.grid import open_grids
from flows.steps.ingest.readers.unreadable import Unreadable

FLOWS = Path(str(resource("flows")))
# Beside the dialects: the list of tools, and what writes questionnaires and exports as single tools do.
HOMES = ("steps/ingest/dialects/", "programme/source_model.py", "commands/questionnaire/", "demo/")
# `plain` is no tool, and `spss` a file format as well.
NAMES = [*(tool for tool in get_args(Tool) if tool not in ("plain", "spss")), "kobo", "surveyjs", "redcap"]
NAMED = re.compile(rf"(?<![a-z])({'|'.join(name.replace('_', '[ _-]?') for name in NAMES)})(?![a-z])", re.IGNORECASE)


def _docstrings(tree: ast.AST) -> set[int]:
    nodes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, nodes) and ast.get_docstring(node)}


def _words(code: str) -> Iterator[str]:
    """Every name and every string of a module; its docstrings and comments may name tools."""
    tree = ast.parse(code)
    skipped = _docstrings(tree)
    for node in ast.walk(tree):
        for field in ("name", "id", "attr", "arg", "module", "asname"):
            if isinstance(word := getattr(node, field, None), str):
                yield word
        if isinstance(node, ast.Constant) and id(node) not in skipped:
            yield str(node.value)


def test_only_dialects_name_a_survey_tool():
    found = [
        (inside, word)
        for path in sorted(FLOWS.rglob("*.py"))
        if not (inside := path.relative_to(FLOWS).as_posix()).startswith(HOMES)
        for word in (path.stem, *_words(path.read_text(encoding="utf-8")))
        if NAMED.search(word)
    ]
    assert found == []


def test_no_model_names_a_survey_tool():
    found = [
        path.name
        for path in resource("sql").rglob("*.sql")
        if NAMED.search(re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize("code", ["limesurvey.x()", "x = 'Microsoft Forms'", "from a import odk", "x = {'formr': 1}"])
def test_a_tool_that_is_named_in_code_is_found(code):
    assert any(map(NAMED.search, _words(code)))


@pytest.mark.parametrize(
    "code", ["'''Typeform'''", "x = 1  # Typeform", "form_reader", "x = 'urn:schemas-microsoft-com'"]
)
def test_other_words_name_no_tool(code):
    assert not any(map(NAMED.search, _words(code)))


def test_every_tool_of_the_list_has_a_dialect():
    assert sorted(dialect.tool for dialect in DIALECTS) == sorted(get_args(Tool))


def test_a_sandbox_can_be_given_what_is_known_of_all_tools():
    copied = pickle.loads(pickle.dumps(FILE_FACTS))
    assert [(entry.pattern, entry.refusal.reason) for entry in copied.documents] == [
        (entry.pattern, entry.refusal.reason) for entry in FILE_FACTS.documents
    ]
    assert copied.form_sheets == FILE_FACTS.form_sheets


def test_facts_of_several_tools_are_kept_once_each():
    both = FileFacts.of_all([FileFacts(responses=("a", "b")), FileFacts(responses=("b", "c"), forms=("d",))])
    assert (both.responses, both.forms, both.questions) == (("a", "b", "c"), ("d",), ())


def test_readers_know_a_new_tool_by_its_facts_alone(tmp_path):
    path = tmp_path / "export"
    kept = Unreadable("This is a file of the new tool.", "Export the responses.")
    facts = FileFacts(
        unquoted=(frozenset({"Member", "Said"}),),
        documents=(Document(r"<newTool>", kept), Document(r"\s*\[new tool\]", kept, is_markup=False)),
        responses=("entries",),
    )
    path.write_text(json.dumps({"entries": [{"member": "a", "learning": 4}]}))
    with pytest.raises(Unreadable, match="not a list of responses"):
        open_grids(path, [], FileFacts())
    assert open_grids(path, [], facts)[0].head == (["member", "learning"], ["a", "4"])
    path.write_text('member\tsaid\na\t"no\nb\tyes"\n')
    assert [row for _, row in open_grids(path, [], FileFacts())[0].rows()][1:] == [["a", "no\nb\tyes"]]
    assert [row for _, row in open_grids(path, [], facts)[0].rows()][1:] == [["a", '"no'], ["b", 'yes"']]
    for text in ("<?xml version='1.0'?><newTool>", "[New tool]\nquestion\n"):
        path.write_text(text)
        with pytest.raises(Unreadable, match="a file of the new tool"):
            open_grids(path, [], facts)


def test_columns_of_its_own_tool_are_the_first_that_may_tell_members_apart(tmp_path):
    (tmp_path / "export").write_text("#,Submit Date (UTC),Network ID,token\nk3x9a,2026-10-05 10:00:00,ab12,t-1\n")
    dialect, _ = recognise(open_grids(tmp_path / "export", [], FILE_FACTS)[0])
    named = respondent_columns(dialect)
    assert named[:2] == ("Network ID", "token")
    assert set(named) == {name for other in DIALECTS for name in other.respondents}
    assert len(named) == len(set(named))
