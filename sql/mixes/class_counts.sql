-- How many members of a collective are in each class: of the orientations, of the dominant motives (or mixed), and of
-- the profiles.
-- Grain: one row per group_number, distribution, class.

with

balances as (
    select * from mixes.balances
    where orientation is not null
),

dominant_motives as (select * from mixes.dominant_motives),

profiles as (select * from mixes.profiles),

classes as (
    select
        group_number,
        'orientations' as distribution,
        orientation as class
    from balances
    union all
    select
        group_number,
        'dominant_motives' as distribution,
        dominant_motive as class
    from dominant_motives
    union all
    select
        group_number,
        'profiles' as distribution,
        profile as class
    from profiles
)

select
    group_number,
    distribution,
    class,
    count(*) as people
from classes
group by group_number, distribution, class
