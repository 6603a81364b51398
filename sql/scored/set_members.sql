-- Whose answers stand behind the figures of each collective, as keyed hashes; of one that is held back, whose stood
-- behind those of its base. `answered` has a 1 or 0 for each scale in the order of the instrument, for a score or none,
-- and a last one for a place in the mix.
-- Grain: one row per collective_id, member.

with

current_sets as (select * from scored.collective_sets),

scores as (select * from scored.scores),

motive_scores as (select * from scored.motive_scores),

held_back as (
    select * from scored.held_back
    where is_frozen
),

released_members as (select * from released.members)

select
    current_sets.collective_id,
    current_sets.member,
    current_sets.content,
    current_sets.in_organisation,
    current_sets.in_programme,
    list_aggregate(
        list_transform(scores.pomps, lambda pomp: case when pomp is null then '0' else '1' end), 'string_agg', ''
    ) || case when motive_scores.response is null then '0' else '1' end as answered
from current_sets
inner join scores on current_sets.response = scores.response
left join motive_scores on current_sets.response = motive_scores.response
where current_sets.collective_id not in (select collective_id from held_back)
union all
select
    released_members.collective_id,
    released_members.member,
    released_members.content,
    released_members.in_organisation,
    released_members.in_programme,
    released_members.answered
from released_members
inner join held_back
    on released_members.collective_id = held_back.collective_id and released_members.release = held_back.release
