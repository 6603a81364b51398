-- The small-group rules as macros: how exact a published number may be in a group of n people.
-- Numbers within 1e-9 of each other are the same number: sums over threads differ in their last digits.

-- The smallest step in POMP points that a group can carry: (2n + 1) step >= 100, so that a rounded mean leaves at least
-- half of the scale open for any one person.
create or replace temp macro level_step(n) as
case
    when (2 * n + 1) * 0.5 >= 100 then 0.5::double
    when (2 * n + 1) * 1 >= 100 then 1::double
    when (2 * n + 1) * 2.5 >= 100 then 2.5::double
    when (2 * n + 1) * 5 >= 100 then 5::double
    else 10::double
end;

create or replace temp macro rounded_to(x, step) as
round(round(round(x, 9) / step) * step, 6);

create or replace temp macro rounded_down(x, step) as
at_least(0, round(floor(round(round(x, 9) / step, 9)) * step, 6));

create or replace temp macro rounded_up(x, step) as
at_most(100, round(ceil(round(round(x, 9) / step, 9)) * step, 6));

-- A member by a hash of the keyed pseudonym: the same in every release, and no way back without the key.
create or replace temp macro member_hash(respondent) as left(sha256('member ' || respondent), 32);

-- The published groups in which somebody of a collective is counted.
create or replace temp macro parts_of_set(in_organisation, in_programme) as
list_filter(
    ['collective', case when in_organisation then 'organisation' end, case when in_programme then 'programme' end],
    lambda part: part is not null
);

-- A release and in which totals of it somebody is counted, as a short text: `3:10` for the organisation alone.
create or replace temp macro place_in_release(release, in_organisation, in_programme) as
release || ':' || in_organisation::integer || in_programme::integer;

-- The number of people in words: exact from `full_from` on (elsewhere), here a band of ten, 5–9 below.
create or replace temp macro people_band(n) as
case
    when n < 5 then null
    when n < 10 then '5–9'
    else (n // 10 * 10) || '–' || (n // 10 * 10 + 9)
end;
