-- Sums over the members of a collective: the entropies of their mixes, and their balances (POMP points).
-- Grain: one row per group_number.

with

mixes as (
    select
        group_number,
        count(*) as mixes,
        sum(entropy) as entropies
    from mixes.mixes
    group by group_number
),

balances as (
    select
        group_number,
        count(*) as people,
        sum(balance) as balances,
        sum(balance * balance) as squares,
        min(balance) as lowest,
        max(balance) as highest
    from mixes.balances
    group by group_number
),

collectives as (
    select group_number from counted.collectives
    where "window" = 'current'
)

select
    collectives.group_number,
    coalesce(mixes.mixes, 0) as mixes,
    mixes.entropies,
    coalesce(balances.people, 0) as people,
    balances.balances,
    balances.squares,
    balances.lowest,
    balances.highest
from collectives
left join mixes on collectives.group_number = mixes.group_number
left join balances on collectives.group_number = balances.group_number
