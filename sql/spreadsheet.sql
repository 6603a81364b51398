-- Escapes text in files that people open in a spreadsheet program, against formula injection.

-- A text that a spreadsheet would take for a formula gets an apostrophe in front; full-width signs count as well.
create or replace temporary macro as_cell(text) as
case when regexp_matches(text, '^[=+\-@\t\r\n＝＋－＠]') then '''' || text else text end;
