-- What a text must look like in a file that people open in a spreadsheet program.

-- A text that would be taken for a formula gets an apostrophe; full-width signs count as well.
create or replace temporary macro as_cell(text) as
case when regexp_matches(text, '^[=+\-@\t\r\n＝＋－＠]') then '''' || text else text end;
