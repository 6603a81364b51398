-- The rules for small groups as macros: how precise a published number may be for a group of n people.
-- Numbers are rounded to 1e-9 first, since sums over several threads differ in their last digits.

-- The smallest rounding step, in POMP points, that is allowed for a group of n people: (2n + 1) step >= 100, so that a
-- rounded mean leaves at least half of the scale open for any one person.
create or replace temp macro level_step(n) as
case
    when (2 * n + 1) * 0.5 >= 100 then 0.5::double
    when (2 * n + 1) * 1 >= 100 then 1::double
    when (2 * n + 1) * 2.5 >= 100 then 2.5::double
    when (2 * n + 1) * 5 >= 100 then 5::double
    else 10::double
end;

-- The rounding step of a share in a mix (from 0 to 1): half the step of the levels, as a percentage.
create or replace temp macro share_step(n) as level_step(n) / 200;

create or replace temp macro rounded_to(x, step) as
round(round(round(x, 9) / step) * step, 6);

create or replace temp macro rounded_down(x, step) as
at_least(0, round(floor(round(round(x, 9) / step, 9)) * step, 6));

create or replace temp macro rounded_up(x, step) as
at_most(100, round(ceil(round(round(x, 9) / step, 9)) * step, 6));

-- A member as a hash of the keyed pseudonym: the same in every release, and not reversible without the key.
create or replace temp macro member_hash(respondent) as left(sha256('member ' || respondent), 32);

-- The number of people as a band. The first band, from `levels_from` to below `full_from` (by default 5–9), is for
-- groups with a published mean only; the next ones are ten wide (10–19), and the first of these starts at `full_from`.
create or replace temp macro people_band(n, levels_from, full_from) as
case
    when n < levels_from then null
    when n < full_from then levels_from || '–' || (full_from - 1)
    else at_least(full_from, n // 10 * 10) || '–' || (n // 10 * 10 + 9)
end;

-- A keyed hash (HMAC-SHA-256, the first 32 of its 64 hexadecimal digits); both pads of the key are variables of the
-- connection and are never written to a file.
create or replace temp macro keyed_hash(text) as
left(
    sha256(getvariable('outer_pad') || unhex(sha256(getvariable('inner_pad') || encode(text)))),
    32
);

-- Whether somebody's answers are those that an earlier release counted: the same answers or, if the version of the
-- questionnaire differs, the same response.
create or replace temp macro answers_are_same(
    answers_hash, given_hash, instrument, earlier_answers_hash, earlier_given_hash, earlier_instrument
) as
answers_hash = earlier_answers_hash or (instrument <> earlier_instrument and given_hash = earlier_given_hash);

-- The standard deviation derived from the published figures of a group: its sd, or else from its interval, whose ends
-- are rounded outwards by half a step on average; `quantile` is Student's t for n - 1.
create or replace temp macro published_sd(sd, ci_low, ci_high, step, n, members, quantile) as
coalesce(
    sd, at_least(0, (ci_high - ci_low - step) / 2) * sqrt(n) / nullif(quantile * sqrt(coalesce(1 - n / members, 1)), 0)
);
