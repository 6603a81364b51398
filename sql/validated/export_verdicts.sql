-- Whether an export is accepted as a whole or held, according to the critical checks of its suite.
-- Grain: one row per sha256.

with

exports as (select * from raw.exports),

check_results as (
    select * from validated.check_results
    where sha256 is not null
),

failed as (
    select
        sha256,
        bool_or(severity = 'critical') as is_held,
        list("check" order by "check") as failed_checks
    from check_results
    where not passed
    group by sha256
)

select
    exports.sha256,
    exports.file_name,
    exports.source,
    exports.series,
    exports.received_on,
    exports.response_count,
    case when coalesce(failed.is_held, false) then 'held' else 'accepted' end as verdict,
    coalesce(failed.failed_checks, []) as failed_checks
from exports
left join failed on exports.sha256 = failed.sha256
