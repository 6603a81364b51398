"""The methods annex of a release for methodologists, from the published tables of its period only."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows import warehouse
from flows.foundation.atomic_files import replaced_by_library
from flows.steps.render.report_context import ReportContext
from flows.steps.render.templates import environment

SCALES = """
    select scales.scale, scales.kind, scales.label_nl, scales.label_en, scales.items, scales.minimum, scales.maximum,
        reliability.respondents, reliability.coefficient, reliability.estimate,
        reliability.alpha, reliability.alpha_low, reliability.alpha_high,
        reliability.is_reliable, reliability.omega, reliability.icc1, reliability.icc2,
        one_factor.chi_square, one_factor.degrees_of_freedom, one_factor.cfi, one_factor.rmsea, one_factor.srmr,
        agreement.collectives, agreement.p25 as rwg_p25, agreement.median as rwg_median, agreement.p75 as rwg_p75
    from scales
    left join reliability on scales.scale = reliability.scale
    left join one_factor on scales.scale = one_factor.scale
    left join agreement on scales.scale = agreement.scale
"""
ITEMS = """
    select item, scale, respondents, missing_share, item_mean, item_sd, item_rest_correlation, loading, withheld_because
    from item_statistics
"""
_WITHHELD = """
    select table_name, unit_type, count(*) as figures,
        count(*) filter (where withheld_because = 'too_few') as too_few,
        count(*) filter (where withheld_because = 'protects_people') as protects_people,
        count(*) filter (where withheld_because = 'unreliable_scale') as unreliable_scale
    from (
        select 'response_rates' as table_name, unit_type, withheld_because from response_rates
        union all select 'scale_levels', unit_type, withheld_because from scale_levels
        union all select 'motive_mix', unit_type, withheld_because from motive_mix
        union all select 'diversity', unit_type, withheld_because from diversity
        union all select 'orientations', unit_type, withheld_because from orientations
        union all select 'dominant_motives', unit_type, withheld_because from dominant_motives
        union all select 'profiles', unit_type, withheld_because from profiles
        union all select 'changes', unit_type, withheld_because from changes
    ) group by table_name, unit_type order by table_name, unit_type
"""
_PROGRAMME = "select respondents, members, response_rate from response_rates where unit_type = 'programme'"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Annex:
    """The published figures on measurement quality of a period; None is a withheld figure."""

    period: str
    programme: Row
    scales: tuple[Row, ...]
    items: tuple[Row, ...]
    withheld: tuple[Row, ...]

    def items_of(self, scale: str) -> tuple[Row, ...]:
        """The items of one scale, in the order of the questionnaire."""
        return tuple(item for item in self.items if item["scale"] == scale)


def read_annex(database: Path, period: str) -> Annex:
    """The figures of the annex, from the database of one period."""
    with warehouse.opened(database, read_only=True) as connection:

        def rows(query: str) -> tuple[Row, ...]:
            found = connection.execute(query)
            names = [column[0] for column in found.description or ()]
            return tuple(dict(zip(names, row, strict=True)) for row in found.fetchall())

        return Annex(period, rows(_PROGRAMME)[0], rows(SCALES), rows(ITEMS), rows(_WITHHELD))


def write_annex(
    database: Path, annex: Annex, setting: ReportContext, questions: Mapping[str, str], language: str, folder: Path
) -> tuple[Path, ...]:
    """Write `methods_<period>_<language>.pdf`, and its tables of scales and items as CSV; returns the paths.

    `questions` are the texts of the items.
    """
    from flows.steps.render.documents import write_pdf

    folder.mkdir(parents=True, exist_ok=True)
    endings = (f"_{language}.pdf", "_scales.csv", "_items.csv")
    paths = tuple(folder / f"methods_{annex.period}{ending}" for ending in endings)
    text = environment(language).get_template("methods.html").render(annex=annex, setting=setting, questions=questions)
    pdf, _ = write_pdf(text, {})
    with replaced_by_library(paths[0], mode=None) as fresh:
        fresh.write_bytes(pdf)
    with warehouse.opened(database, read_only=True) as connection:
        for path, query in zip(paths[1:], (SCALES, ITEMS), strict=True):
            with replaced_by_library(path, mode=None) as fresh:
                warehouse.write_csv(connection, query, fresh)
    return paths
