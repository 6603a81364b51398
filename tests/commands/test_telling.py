"""Tables of the command line are plain text in columns: nothing is cut, folded, coloured or taken for markup."""

from flows.commands.telling import table


def test_cells_stand_below_one_another():
    assert table([("a", 1, "x"), ("bbb", 22)], headings=("name", "n", "rest"), numbers=[1]) == [
        "name   n  rest", "a      1  x", "bbb   22"
    ]  # fmt: skip
    assert table([("held", "1 file"), ("", "more\nlines")], first=9, is_indented=True) == [
        "  held       1 file", "             more", "             lines"
    ]  # fmt: skip
    assert table([]) == []


def test_nothing_is_cut_or_taken_for_markup(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("FORCE_COLOR", "1")
    odd = "[bold]no[/bold] :warning: " + "long " * 200 + "end"
    assert table([("0" * 64, odd)]) == [f"{'0' * 64}  {odd}"]
