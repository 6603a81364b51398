"""Marks what a page says in another language than its own, so that a screen reader speaks it in that language.

The register may give a language of names. A text of the programme that lacks the page's language is given in another
one, and a source may quote a title.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from markupsafe import escape

from flows.programme.languages import Written, available
from flows.steps.render.advice import Advice
from flows.steps.render.figures import OrganisationFigures
from flows.steps.render.report_context import ReportContext

# What stands between words: tags; the head, which holds no elements that could have a language; and whole links, since
# WeasyPrint makes a second link of an element inside one.
_BETWEEN_WORDS = re.compile(r"(<head>.*?</head>|<a .*?</a>|<[^>]*>)", re.DOTALL)
_LINK = re.compile(r"(<a [^>]*)>([^<]*)</a>")


def phrases(figures: OrganisationFigures, setting: ReportContext, given: Iterable[Advice] = ()) -> dict[str, str]:
    """What a document with these figures and suggestions may say in another language, each phrase with its language."""
    said = (*_names(figures, setting), *_texts(figures.language, setting), *_advice(figures.language, given))
    return {phrase: language for phrase, language in said if phrase and language not in ("", figures.language)}


def _names(figures: OrganisationFigures, setting: ReportContext) -> Iterator[Written]:
    yield Written(setting.programme, setting.programme_language)
    for name in (figures.name, *(unit.name for unit in figures.collectives)):
        yield Written(name, setting.names_languages.get(figures.organisation_id, figures.language))


def _texts(language: str, setting: ReportContext) -> Iterator[Written]:
    for texts in (setting.notes, *setting.meanings.values()):
        yield available(texts, language)


def _advice(language: str, given: Iterable[Advice]) -> Iterator[Written]:
    for rule in (advice.rule for advice in given):
        for texts in (rule.text, rule.source, rule.strength):
            yield available(texts, language)
        for of_titles, titles in rule.titles.items():
            yield from (Written(title, of_titles) for title in titles)


def marked(page: str, languages: Mapping[str, str]) -> str:
    """A page of XHTML in which each phrase has its language, by a span around it or by the link that it is.

    `languages` has the language of each phrase. A phrase among other words of a link is left as it is.
    """
    if not languages:
        return page
    spoken = {str(escape(phrase)): language for phrase, language in languages.items()}
    # The longest first, because a name may begin with another name.
    either = "|".join(re.escape(phrase) for phrase in sorted(spoken, key=len, reverse=True))
    phrase = re.compile(rf"(?<!\w)(?:{either})(?!\w)")

    def span(found: re.Match[str]) -> str:
        return f'<span lang="{spoken[found[0]]}">{found[0]}</span>'

    def link(found: re.Match[str]) -> str:
        return f'{found[1]} lang="{spoken[found[2]]}">{found[2]}</a>' if found[2] in spoken else found[0]

    parts = _BETWEEN_WORDS.split(page)
    parts[::2] = [phrase.sub(span, words) for words in parts[::2]]
    parts[1::2] = [_LINK.sub(link, between) for between in parts[1::2]]
    return "".join(parts)
