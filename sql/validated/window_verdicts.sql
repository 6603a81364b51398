-- The verdict on every response in each window: the verdict on the response itself, but held where the answers of its
-- collective contradict the register.
-- Grain: one row per window, sha256, row_number.

with

row_verdicts as (select * from validated.row_verdicts),

contradicted as (select * from validated.contradicted_collectives)

select
    row_verdicts.* exclude (verdict, reason),
    case
        when row_verdicts.verdict = 'accepted' and contradicted.reason is not null then 'held'
        else row_verdicts.verdict
    end as verdict,
    case
        when row_verdicts.verdict = 'accepted' then contradicted.reason
        else row_verdicts.reason
    end as reason
from row_verdicts
left join contradicted
    on row_verdicts."window" = contradicted."window" and row_verdicts.collective_id = contradicted.collective_id
