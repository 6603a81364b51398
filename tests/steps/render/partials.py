"""A filled report, taken apart into what each of its partial templates wrote, with the charts of that partial."""

import re
from collections.abc import Callable, Iterator, Mapping

import pytest
from jinja2 import BaseLoader, Environment

from flows.steps.render import report

# The template that includes the others.
WHOLE = "organisation_report"
Filled = tuple[str, Mapping[str, str]]
_MARK = re.compile(r"<!-- (/?)partial: (\S+) -->")
_PLACE = re.compile(r"<!-- (\S+) -->")
_DRAWN = re.compile(r"^<!-- (\S+) -->\n(?=<svg)", re.MULTILINE)
_CHART = re.compile(r'"chart:([^"]+)"')


class _Marked(BaseLoader):
    """Marks where the text of each included template begins and ends; what is only imported writes none."""

    def __init__(self, inner: BaseLoader, whole: str) -> None:
        self._inner = inner
        self._whole = whole

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, path, is_current = self._inner.get_source(environment, template)
        if template == self._whole or not template.endswith(".html"):
            return source, path, is_current
        name = template.removesuffix(".html")
        return f"<!-- partial: {name} -->\n{source}<!-- /partial: {name} -->\n", path, is_current


def by_partial(patch: pytest.MonkeyPatch, whole: str, fill: Callable[[], Filled]) -> dict[str, str]:
    """What each partial of the template `whole` wrote, by its name; a second page of its kind has a number."""
    ordinary = report.environment
    with patch.context() as marked:
        marked.setattr(
            report,
            "environment",
            lambda code: ordinary(code).overlay(loader=_Marked(ordinary(code).loader, f"{whole}.html")),
        )
        text, charts = fill()
    return {name: _with_charts(written, charts) for name, written in _taken_apart(whole, text)}


def _taken_apart(whole: str, text: str) -> Iterator[tuple[str, str]]:
    """The text of each partial, in which a line stands for every partial inside it."""
    opened: list[tuple[str, list[str]]] = [(whole, [])]
    seen: list[str] = [whole]
    pieces = _MARK.split(text)
    opened[0][1].append(pieces[0])
    for closes, kind, following in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        if closes:
            name, written = opened.pop()
            yield name, "".join(written)
        else:
            seen.append(kind)
            count = seen.count(kind)
            name = kind if count == 1 else f"{kind}-{count}"
            opened[-1][1].append(f"<!-- {name} -->")
            opened.append((name, []))
        opened[-1][1].append(following)
    [(name, written)] = opened
    yield name, "".join(written)


def _with_charts(text: str, charts: Mapping[str, str]) -> str:
    """The text and its charts, numbered in the partial: those of other partials change nothing here."""
    own = {name: f"{name.rpartition('-')[0]}-{turn}" for turn, name in enumerate(_CHART.findall(text), start=1)}
    renamed = _CHART.sub(lambda found: f'"chart:{own[found[1]]}"', text)
    return "\n".join([renamed.strip("\n"), *(f"<!-- {own[name]} -->\n{charts[name]}" for name in own)]).rstrip() + "\n"


def put_together(partials: Mapping[str, str], whole: str) -> tuple[str, dict[str, str]]:
    """The report and its charts again, from what its partials wrote; the charts have the names of their partials."""
    charts: dict[str, str] = {}

    def written(name: str) -> str:
        text, *drawn = _DRAWN.split(partials[name])
        charts.update({f"{chart}-of-{name}": svg for chart, svg in zip(drawn[::2], drawn[1::2], strict=True)})
        own = _CHART.sub(lambda found: f'"chart:{found[1]}-of-{name}"', text)
        return _PLACE.sub(lambda found: written(found[1]) if found[1] in partials else found[0], own)

    return written(whole), charts
