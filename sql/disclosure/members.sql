-- Whose answers count in each collective, as hashes, and which figures they contribute to; kept for later releases.
-- `answered` has a 1 or 0 for each scale in the order of the instrument (a score or none), and a last digit for having
-- a mix.
-- Grain: one row per collective_id, member.

with

members as (select * from counted.members),

scores as (
    select * from scored.scores
    where "window" = 'current'
),

motive_scores as (select * from mixes.motive_scores)

select
    members.collective_id,
    members.member,
    members.answers_hash,
    members.given_hash,
    members.turn,
    members.repeat,
    list_aggregate(
        list_transform(scores.pomps, lambda pomp: case when pomp is null then '0' else '1' end), 'string_agg', ''
    ) || case when motive_scores.response is null then '0' else '1' end as answered
from members
inner join scores on members.response = scores.response
left join motive_scores on members.response = motive_scores.response
