"""Every text that people read, in the templates, in the reasons of ingest and round the questions of a form."""

from babel.messages.extract import extract_from_dir

from flows.foundation.resources import resource

_JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}


def extracted() -> list[str | tuple[str, ...]]:
    """The msgids, in the order of the files."""
    templates = extract_from_dir(
        resource("report_templates"),
        method_map=[("**.html", "jinja2"), ("**.svg", "jinja2")],
        options_map={"**.html": _JINJA, "**.svg": _JINJA},
    )
    reasons = extract_from_dir(
        resource("flows") / "steps" / "ingest",
        method_map=[("**.py", "python")],
        keywords={"Unreadable": None, "_": None, "N_": None},
    )
    both = extract_from_dir(
        resource("flows") / "steps" / "ingest",
        method_map=[("**.py", "python")],
        keywords={"Unreadable": (2,), "N_": None},
    )
    forms = extract_from_dir(
        resource("flows") / "commands" / "questionnaire", method_map=[("**.py", "python")], keywords={"_": None}
    )
    workbooks = extract_from_dir(
        resource("flows") / "steps" / "render", method_map=[("figures_workbook.py", "python")], keywords={"_": None}
    )
    found: list[str | tuple[str, ...]] = []
    for _, _, message, _, _ in (*templates, *reasons, *both, *forms, *workbooks):
        if message not in found:
            found.append(message)
    return found
