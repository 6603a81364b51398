-- How mixed a respondent's motives are: Shannon entropy of the mix in nats (0 = one motive only).
-- Grain: one row per response.

with

mixes as (select * from scored.mixes)

select
    response,
    sum(entropy_term) as entropy
from mixes
group by response
