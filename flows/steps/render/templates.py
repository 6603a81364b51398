"""Fills the templates in a sandbox that escapes everything and rejects undefined names."""

from collections.abc import Callable
from functools import cache
from textwrap import wrap
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from flows.foundation.figure_reference import figure_reference
from flows.foundation.resources import resource
from flows.steps.render import findings
from flows.steps.render.advice import advice
from flows.steps.render.language import language

# Rules over figures that templates may call.
_FINDINGS: tuple[Callable[..., Any], ...] = (
    findings.leaders,
    findings.balance,
    findings.differ_beyond_error,
    findings.outstanding,
    findings.weakest_condition,
    findings.rises,
    findings.size,
    findings.compared,
    findings.fell_in,
    findings.three,
    findings.question,
)


@cache
def environment(code: str) -> ImmutableSandboxedEnvironment:
    """The template environment of a language."""
    chosen = language(code)
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(resource("report_templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(chosen.translations, newstyle=True)  # type: ignore[attr-defined]
    made.globals["findings"] = {rule.__name__: rule for rule in _FINDINGS}
    made.globals["advice"] = advice
    made.globals["language"] = code
    made.globals["figure_reference"] = figure_reference
    made.filters.update(
        number=chosen.number,
        signed=chosen.signed,
        percent=chosen.percent,
        percentage=chosen.percentage,
        month=chosen.month,
        short_month=chosen.short_month,
        day=chosen.day,
        listed=chosen.listed,
        lower_first=lambda text: text[:1].lower() + text[1:],
        in_lines=_in_lines,
        capitalised=lambda text: text[:1].upper() + text[1:],
    )
    return made


def _in_lines(text: str, width: int) -> list[str]:
    """A text in at most two lines of `width` characters; longer text is cut."""
    return wrap(text, width, max_lines=2, placeholder=" …")
