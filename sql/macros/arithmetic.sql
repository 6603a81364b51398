-- Arithmetic that several statistics need, as macros.

-- greatest() and least() skip NULL, and would turn an unknown figure into 0 or 100; these two keep NULL.
create or replace temp macro at_least(bound, x) as
case when x < bound then bound else x end;

create or replace temp macro at_most(bound, x) as
case when x > bound then bound else x end;

-- Standard deviation (n - 1) from a count, a sum and a sum of squares. The caller says whether all values are equal,
-- since the difference of two large sums would not be exactly 0.
create or replace temp macro sd_of_sums(n, total, squares, is_alike) as
case
    when n < 2 then null
    when is_alike then 0
    else sqrt((squares - total * total / n) / (n - 1))
end;

-- The date of a spreadsheet's serial number (days since 1899-12-30), to the second; a whole number gives a date alone.
create or replace temp macro serial_as_date(serial) as left(
    cast(
        timestamp '1899-12-30' + to_seconds(round(try_cast(replace(trim(serial), ',', '.') as double) * 86400))
        as varchar
    ),
    case when regexp_matches(serial, '[.,]') then 19 else 10 end
);
