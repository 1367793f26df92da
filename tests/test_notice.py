"""A page notices that its parameters are newer than what was made from them."""

import ast

import pytest
from IPython.core.interactiveshell import InteractiveShell
from stored_notebooks import NOTEBOOKS, code_cells, tags

from helpers import notice

ONCE = "lr is now 0.2 (was 0.1). The cells below have used the old value: "
ONCE += "choose Run > Run Selected Cell and All Below.\n"


@pytest.fixture
def printed(capsys, monkeypatch):
    """printed(code) runs a cell of a page with lr = 0.1 and n = 3: what it prints."""
    shell = InteractiveShell()
    monkeypatch.setattr(notice, "get_ipython", lambda: shell)
    monkeypatch.setattr(notice, "LATEST", [])
    shell.user_ns["notice_changes"] = notice.notice_changes

    def run(code):
        shell.run_cell(code).raise_error()
        return capsys.readouterr().out

    assert run("lr, n = 0.1, 3\nnotice_changes(lr=lr, n=n)") == ""
    return run


def test_a_change_is_noticed_once_below_the_cell_that_made_it(printed):
    assert printed("model = lr * 2") == ""
    assert printed("lr = 0.2") == ONCE
    assert printed("model = lr * 2") == "" and printed("lr = 0.2") == ""
    assert printed("lr, n = 0.3, 4").startswith("lr is now 0.3 (was 0.1), n is now 4 (was 3). ")


def test_a_value_set_back_or_taken_over_is_no_news(printed):
    assert printed("lr = 0.2") == ONCE
    assert printed("lr = 0.1") == ""
    assert printed("lr = 0.2") == ONCE
    assert printed("notice_changes(lr=lr, n=n)") == "" and printed("lr = 0.2") == ""
    assert "(was 0.2)" in printed("lr = 0.1")


def test_another_object_under_a_parameter_s_name_is_no_parameter(printed):
    """Page 05 calls its optimizer `optimizer`, as everyone does."""
    assert printed("lr = object()") == "" and printed("del n") == ""
    assert printed("lr = 0.1") == ""


def test_without_a_notebook_it_does_nothing(monkeypatch):
    monkeypatch.setattr(notice, "get_ipython", lambda: None)
    notice.notice_changes(lr=0.1)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_each_page_watches_all_its_parameters(name, monkeypatch):
    watched, page = {}, {}
    monkeypatch.setattr(notice, "notice_changes", lambda **values: watched.update(values))
    for cell in code_cells(NOTEBOOKS[name]):
        exec(cell.source, page)
        if "parameters" in tags(cell):
            expected = {line.targets[0].id for line in ast.parse(cell.source).body}
        if watched:
            break
    assert set(watched) >= expected and all(watched[name] == page[name] for name in expected)
