"""Fills the templates in a sandbox that escapes everything and rejects undefined names."""

from collections.abc import Callable, Iterable
from functools import cache
from textwrap import wrap
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from flows.foundation.figure_reference import figure_reference
from flows.foundation.resources import resource
from flows.steps.render import attention, counts_shown, findings, side_by_side
from flows.steps.render.compiled_templates import compiled_templates
from flows.steps.render.fonts import drawable
from flows.steps.render.language import Language, language

# Rules over figures that templates may call.
_FINDINGS: tuple[Callable[..., Any], ...] = (
    findings.leaders,
    findings.balance,
    findings.differ_beyond_error,
    findings.outstanding,
    findings.breadth_of_mix,
    findings.where_members_differ,
    findings.is_of_printed_levels,
    findings.first_page_levels,
    findings.over_time,
    findings.scales_in_order,
)
_SIDE_BY_SIDE: tuple[Callable[..., Any], ...] = (
    side_by_side.furthest_apart,
    side_by_side.led_by,
    side_by_side.lowest,
    side_by_side.is_any_marked,
)
_COUNTS_SHOWN: tuple[Callable[..., Any], ...] = (
    counts_shown.too_few,
    counts_shown.lacking,
    counts_shown.without_main_reason,
    counts_shown.left_out,
)
_ATTENTION: tuple[Callable[..., Any], ...] = (
    attention.of_report,
    attention.of_unit,
    attention.is_alarm,
    attention.is_alone,
    attention.question,
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
        bytecode_cache=compiled_templates(code),
    )
    made.install_gettext_translations(chosen.translations, newstyle=True)  # type: ignore[attr-defined]
    made.globals["findings"] = {rule.__name__: rule for rule in _FINDINGS}
    made.globals["attention"] = {rule.__name__: rule for rule in _ATTENTION}
    made.globals["side_by_side"] = {rule.__name__: rule for rule in _SIDE_BY_SIDE}
    made.globals["counts_shown"] = {rule.__name__: rule for rule in _COUNTS_SHOWN}
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
        month_name=chosen.month_name,
        listed=lambda words: _listed(words, chosen),
        quoted=_quoted,
        drawable=drawable,
        in_lines=_in_lines,
        capitalised=lambda text: text[:1].upper() + text[1:],
        uncapitalised=lambda text: text[:1].lower() + text[1:],
    )
    return made


def _quoted(text: str) -> Markup:
    """A label inside a sentence."""
    return Markup("‘{}’").format(text)


def _listed(words: Iterable[str], spoken: Language) -> Markup:
    """Words as a list in a sentence; what is markup already is not escaped again."""
    return Markup(spoken.listed([str(escape(word)) for word in words]))  # noqa: S704 every word is escaped


def _in_lines(text: str, width: int, most: int = 2) -> list[str]:
    """A text in at most `most` lines of `width` characters; longer text is cut."""
    return wrap(text, width, max_lines=most, placeholder=" …")
