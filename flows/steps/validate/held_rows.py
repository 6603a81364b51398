"""Lists every held or refused row for the steward: file, row, reason and items; never an answer."""

from pathlib import Path

from flows import warehouse

_ROWS = """
    with troubled as (
        select answers.sha256, answers.row_number, string_agg(answers.item, ' ' order by answers.item) as items
        from validated.answers as answers
        where answers.word in ('unknown', 'out_of_range')
        group by answers.sha256, answers.row_number
    )

    select verdicts.file_name as file, responses.row_number as "row", responses.verdict, responses.reason,
        troubled.items
    from validated.responses as responses
    inner join validated.export_verdicts as verdicts on responses.sha256 = verdicts.sha256
    left join troubled on responses.sha256 = troubled.sha256 and responses.row_number = troubled.row_number
    where responses.verdict in ('held', 'refused')
    order by file, "row", responses.sha256
"""


def write_held_rows(database: Path, target: Path) -> Path:
    """Write the held and refused rows of the last validation as CSV, safe to open in a spreadsheet program."""
    with warehouse.opened(database, read_only=True) as connection:
        warehouse.write_csv(connection, _ROWS, target)
    return target
