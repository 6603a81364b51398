"""The tables of the workbook and of the CSV beside a report: what is in each column, and the published figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flows.foundation.figure_reference import figure_reference
from flows.steps.render.figures import OrganisationFigures, Unit
from flows.steps.render.language import Language, language
from flows.steps.render.levels import Change, Level
from flows.steps.render.templates import environment

Cell = str | float | None

# How a spreadsheet program shows the cells of a column. A month is kept as a text such as 2026-10.
TEXT, MONTH = "General", "mmm yyyy"
COUNT, SCORE, DIFFERENCE, SHARE = "0", "0.0", "+0.0;-0.0;0.0", "0%"


@dataclass(frozen=True)
class Column:
    """A column: its heading, what it is in one sentence, and how its cells are shown."""

    heading: str
    about: str
    number_format: str = TEXT


@dataclass(frozen=True)
class Sheet:
    """A table; the first `names` columns identify a row, the others are figures or words about them."""

    title: str
    about: str
    columns: tuple[Column, ...]
    names: int
    rows: tuple[tuple[Cell, ...], ...]


def sheets(figures: OrganisationFigures) -> tuple[Sheet, ...]:
    """All tables, in the language of the organisation; an empty cell is a figure that is not shown."""
    spoken = language(figures.language)
    units = figures.collectives if figures.is_single else (figures.whole, *figures.collectives)
    tables = (_response, _scores, _variety, _members, _changes, _over_time)
    return tuple(table(figures, units, spoken) for table in tables)


def _response(figures: OrganisationFigures, units: Sequence[Unit], spoken: Language) -> Sheet:
    _ = spoken.translations.gettext
    columns = (
        *_group(spoken),
        Column(_("Answers (about)"), _("About how many members answered, also where the exact number is not shown.")),
        Column(_("Answers"), _("Number of members who answered."), COUNT),
        Column(_("Members"), _("Number of members that the group has, as far as known."), COUNT),
        Column(_("Response"), _("The part of the members who answered, from 0% to 100%."), SHARE),
    )
    rows = tuple(
        (*_of(figures, unit), unit.answered_band, unit.answered, unit.members, unit.response_rate) for unit in units
    )
    return Sheet(_("Response"), _("How many members answered, for each group."), columns, 4, rows)


def _scores(figures: OrganisationFigures, units: Sequence[Unit], spoken: Language) -> Sheet:
    _ = spoken.translations.gettext
    rows = tuple(
        (
            *_of(figures, unit, level.scale), level.label, level.respondents, level.mean, level.ci_low, level.ci_high,
            level.bound_low, level.bound_high, level.mean_then, _clear_change_of(unit, level, spoken),
            level.peers, level.p25, level.p75, _verdict(level, spoken),
            part.relative_importance if part else None, part.mean_share if part else None,
        )
        for unit in units
        for level in unit.levels
        for part in (unit.part(level.scale),)
    )  # fmt: skip
    about = _("The score of every reason and condition, and how sure it is.")
    return Sheet(_("Scores"), about, _columns_of_scores(spoken), 4, rows)


def _columns_of_scores(spoken: Language) -> tuple[Column, ...]:
    _ = spoken.translations.gettext
    low = _("The score of all members together is very likely not below this, in points from 0 to 100.")
    high = _("The score of all members together is very likely not above this, in points from 0 to 100.")
    least = _("The lowest score that all members together can have, whatever the others think, from 0 to 100 points.")
    most = _("The highest score that all members together can have, whatever the others think, from 0 to 100 points.")
    peers = _("Number of similar collectives that the score is compared with.")
    p25 = _("A quarter of the similar collectives score lower than this, in points from 0 to 100.")
    p75 = _("A quarter of the similar collectives score higher than this, in points from 0 to 100.")
    verdict = _("In words, how the score compares with these; unclear where the score is not sure enough.")
    weight = _("How far the reason is above (+) or below (−) the mean of all reasons, from −100 to +100 points.")
    share = _("The part of the reason in the mix of members, from 0% to 100%; all reasons together are 100%.")
    return (
        *_group(spoken), _scale(spoken),
        Column(_("Answers"), _("Number of answers that the score is made of."), COUNT),
        Column(_("Score"), _("The mean of the answers, in points from 0 (all lowest) to 100 (all highest)."), SCORE),
        Column(_("Very likely from"), low, SCORE), Column(_("Very likely to"), high, SCORE),
        Column(_("Outermost bound from"), least, SCORE), Column(_("Outermost bound to"), most, SCORE),
        _score_before(spoken), _clear_change(spoken),
        Column(_("Similar collectives"), peers, COUNT),
        Column(_("Similar from"), p25, SCORE), Column(_("Similar to"), p75, SCORE),
        Column(_("Beside similar collectives"), verdict),
        Column(_("Weight"), weight, DIFFERENCE), Column(_("Share in the mix"), share, SHARE),
    )  # fmt: skip


def _variety(figures: OrganisationFigures, units: Sequence[Unit], spoken: Language) -> Sheet:
    _ = spoken.translations.gettext
    reasons = _("How many reasons a typical member has at the same time, from 1 to all of them.")
    between = _("The part of all variety that is between one member and another, from 0% (all alike) to 100%.")
    by_error = _("What that part would be if members were alike but answered imprecisely, from 0% to 100%.")
    balance = _("Reasons for the community minus reasons for oneself, from −100 to +100 points.")
    p25 = _("In a quarter of the similar collectives members differ less than this, from 0% to 100%.")
    p75 = _("In a quarter of the similar collectives members differ more than this, from 0% to 100%.")
    columns = (
        *_group(spoken),
        Column(_("Reasons at the same time"), reasons, SCORE),
        Column(_("Between members"), between, SHARE),
        Column(_("By chance in answering alone"), by_error, SHARE),
        Column(_("Difference community − themselves, points"), balance, DIFFERENCE),
        Column(_("Similar from"), p25, SHARE),
        Column(_("Similar to"), p75, SHARE),
    )
    rows = tuple(
        (
            *_of(figures, unit), found.motives_in_play, found.between_share, found.between_share_by_error,
            found.balance, band.p25 if band else None, band.p75 if band else None,
        )
        for unit in units
        for found, band in ((unit.diversity, unit.variety_band),)
    )  # fmt: skip
    about = _("How many reasons members have, and how much they differ from each other.")
    return Sheet(_("Variety"), about, columns, 3, rows)


def _members(figures: OrganisationFigures, units: Sequence[Unit], spoken: Language) -> Sheet:
    _ = spoken.translations.gettext
    named = _words("class_name", spoken)
    low = _("Their part of all members is very likely not below this, from 0% to 100%.")
    high = _("Their part of all members is very likely not above this, from 0% to 100%.")
    columns = (
        *_group(spoken),
        Column(_("Divided by"), _("What the members of the group are divided by.")),
        Column(_("Members"), _("The kind of members that the row is about.")),
        Column(_("Number"), _("Number of members of this kind, of those with an answer on every reason."), COUNT),
        Column(_("Share"), _("Their part of the members with an answer on every reason, from 0% to 100%."), SHARE),
        Column(_("Very likely from"), low, SHARE),
        Column(_("Very likely to"), high, SHARE),
    )  # fmt: skip
    rows = tuple(
        (
            *_of(figures, unit), title, named(entry, entries), entry.count, entry.share,
            entry.share_low, entry.share_high,
        )
        for unit in units
        for title, entries in (
            (_("Whom members take part for"), unit.orientations),
            (_("Do members have one main reason?"), unit.dominant_motives),
            (_("Which types of mixes occur"), unit.profiles),
        )
        for entry in entries
    )  # fmt: skip
    return Sheet(_("Members"), _("How many members there are of each kind."), columns, 5, rows)


def _changes(figures: OrganisationFigures, units: Sequence[Unit], spoken: Language) -> Sheet:
    _ = spoken.translations.gettext
    difference = _(
        "How much the score rose (+) or fell (−), in collectives with both scores, from −100 to +100 points."
    )
    low = _("The difference is very likely not below this, from −100 to +100 points.")
    high = _("The difference is very likely not above this, from −100 to +100 points.")
    columns = (
        *_group(spoken), _scale(spoken),
        Column(_("Since"), _("The month that this month is compared with."), MONTH),
        Column(_("Answered both times"), _("Number of members who answered in both."), COUNT),
        _score_before(spoken),
        Column(_("Score now"), _("The score of this month, in points from 0 to 100."), SCORE),
        Column(_("Difference"), difference, DIFFERENCE),
        Column(_("Very likely from"), low, DIFFERENCE),
        Column(_("Very likely to"), high, DIFFERENCE),
        _clear_change(spoken),
    )  # fmt: skip
    rows = tuple(
        (
            *_of(figures, unit, change.scale), change.label, change.compared_with, change.respondents_both,
            change.mean_then, level.mean if level else None, change.difference, change.ci_low, change.ci_high,
            _direction(change, spoken),
        )
        for unit in units
        for change in unit.changes
        for level in (unit.level(change.scale),)
    )  # fmt: skip
    return Sheet(_("Changes"), _("How each score differs from an earlier month."), columns, 5, rows)


def _over_time(figures: OrganisationFigures, units: Sequence[Unit], spoken: Language) -> Sheet:
    """A row for each month in which a score was published, oldest first within each group and scale."""
    _ = spoken.translations.gettext
    carried = _("Says yes where the score was made in a still earlier month and shown again.")
    columns = (
        *_group(spoken), _scale(spoken),
        Column(_("Month"), _("The month of the report that showed the score."), MONTH),
        Column(_("Score"), _("The score in that report, in points from 0 to 100."), SCORE),
        Column(_("Figure of an earlier month"), carried),
    )  # fmt: skip
    rows = tuple(
        (
            figure_reference(month, unit.unit_type, unit.unit_id, level.scale), unit.unit_id, unit.name, level.label,
            month, mean, _("yes") if is_carried else None,
        )
        for unit in units
        for level in unit.levels
        for month, mean, is_carried in _months(figures, unit, level)
    )  # fmt: skip
    return Sheet(_("Over time"), _("Every score, month after month, as reports showed it."), columns, 5, rows)


def _months(figures: OrganisationFigures, unit: Unit, level: Level) -> list[tuple[str, float, bool]]:
    """The months that have a shown score, this month last: the score, and whether it is of an earlier month."""
    shown = [(entry.period, entry.mean, entry.is_carried) for entry in unit.earlier.get(level.scale, ())]
    if level.mean is not None:
        shown.append((figures.period, level.mean, level.figures_of is not None))
    return shown


def _group(spoken: Language) -> tuple[Column, ...]:
    _ = spoken.translations.gettext
    return (
        Column(_("Code"), _("Quote this code when you ask the programme office about the figures in the row.")),
        Column(_("Id"), _("The short name of the group; it tells groups of the same name apart.")),
        Column(_("Group"), _("The organisation or the collective that the row is about.")),
    )


def _of(figures: OrganisationFigures, unit: Unit, scale: str = "") -> tuple[str, str, str]:
    return figure_reference(figures.period, unit.unit_type, unit.unit_id, scale), unit.unit_id, unit.name


def _scale(spoken: Language) -> Column:
    _ = spoken.translations.gettext
    return Column(_("Scale"), _("The reason or condition for taking part that the row is about."))


def _score_before(spoken: Language) -> Column:
    _ = spoken.translations.gettext
    return Column(
        _("Score before"), _("The score in the earlier month that we compare with, from 0 to 100 points."), SCORE
    )


def _clear_change(spoken: Language) -> Column:
    _ = spoken.translations.gettext
    return Column(_("Clear change"), _("Whether the score clearly rose or fell; no means that it may be chance."))


def _clear_change_of(unit: Unit, level: Level, spoken: Language) -> str | None:
    """Whether a level clearly changed; None where there is no earlier figure to compare with."""
    found = next((change for change in unit.changes if change.scale == level.scale), None)
    return _direction(found, spoken) if found else None


def _direction(change: Change, spoken: Language) -> str:
    _ = spoken.translations.gettext
    if not change.is_change:
        return _("no")
    return _("rose") if change.rises else _("fell")


def _verdict(level: Level, spoken: Language) -> str | None:
    """How a level compares with similar collectives, in the words of the report; None where there are none."""
    return _words("verdict_name", spoken)(level.verdict) if level.verdict is not None else None


def _words(macro: str, spoken: Language) -> Callable[..., str]:
    """A macro of the report's words, as a function that gives plain text."""
    made = getattr(environment(spoken.code).get_template("words.html").module, macro)

    def plain(*values: object) -> str:
        return str(made(*values).unescape())

    return plain
