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

-- The step of a share in a mix, from 0 to 1: half of that of the levels, in percent.
create or replace temp macro share_step(n) as level_step(n) / 200;

create or replace temp macro rounded_to(x, step) as
round(round(round(x, 9) / step) * step, 6);

create or replace temp macro rounded_down(x, step) as
at_least(0, round(floor(round(round(x, 9) / step, 9)) * step, 6));

create or replace temp macro rounded_up(x, step) as
at_most(100, round(ceil(round(round(x, 9) / step, 9)) * step, 6));

-- A member by a hash of the keyed pseudonym: the same in every release, and no way back without the key.
create or replace temp macro member_hash(respondent) as left(sha256('member ' || respondent), 32);

-- The number of people as a band. The first one is of groups of which the mean alone is published, from `levels_from`
-- to below `full_from` (5–9); those that follow are of ten (10–19), and the first of these starts at `full_from`.
create or replace temp macro people_band(n, levels_from, full_from) as
case
    when n < levels_from then null
    when n < full_from then levels_from || '–' || (full_from - 1)
    else at_least(full_from, n // 10 * 10) || '–' || (n // 10 * 10 + 9)
end;

-- A keyed hash (HMAC-SHA-256, the first 32 of its 64 hexadecimal digits); both pads of the key are variables of the
-- connection, and stand in no file.
create or replace temp macro keyed_hash(text) as
left(
    sha256(getvariable('outer_pad') || unhex(sha256(getvariable('inner_pad') || encode(text)))),
    32
);

-- Whether somebody's answers are those that an earlier release counted: the same contents, or, asked with another
-- version of the questionnaire, the same response.
create or replace temp macro answers_are_same(
    answers_hash, given_hash, instrument, earlier_answers_hash, earlier_given_hash, earlier_instrument
) as
answers_hash = earlier_answers_hash or (instrument <> earlier_instrument and given_hash = earlier_given_hash);

-- The standard deviation that follows from what is published of a group: its sd, or what its interval says, whose ends
-- are rounded outwards by half a step on average; `quantile` is Student's t for n - 1.
create or replace temp macro published_sd(sd, ci_low, ci_high, step, n, members, quantile) as
coalesce(
    sd, at_least(0, (ci_high - ci_low - step) / 2) * sqrt(n) / nullif(quantile * sqrt(coalesce(1 - n / members, 1)), 0)
);
