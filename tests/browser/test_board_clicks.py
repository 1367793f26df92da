"""The board of notebook 09, clicked in a browser."""

import pytest

CODE = """from helpers import widgets
LINES = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]
def following(board):
    turned = [-stone for stone in board]
    return {i: (*turned[:i], -1, *turned[i + 1 :]) for i in range(9) if board[i] == 0}
def result(board):
    if any(all(board[i] == -1 for i in line) for line in LINES):
        return -1
    return 0 if all(board) else None
widgets.show_board(following, result, lambda board: {i: -i / 10 for i in following(board)})"""


@pytest.fixture
def notebook(lab):
    """A notebook of one cell with a board, opened and run."""
    lab.open_cell(CODE, "board.ipynb")
    assert lab.run_all() == []
    return lab


def test_a_game_is_played_to_its_end_and_begun_again(notebook):
    page = notebook.page
    squares = page.locator(".widget-gridbox button")
    squares.first.wait_for()
    for square in (4, 8, 2, 6):
        squares.nth(square).click()
        page.wait_for_function(
            f"() => document.querySelectorAll('.widget-gridbox button')[{square}]"
            ".textContent === 'X'"
        )
    page.get_by_text("You have won!").wait_for()
    page.get_by_role("button", name="New game: it begins").click()
    page.get_by_text("Your move: you play O.").wait_for()
    assert squares.first.text_content() == "X"
    page.get_by_role("checkbox").check()
    page.wait_for_function(
        "() => document.querySelectorAll('.widget-gridbox button')[8].textContent === '-0.80'"
    )
    picture = page.locator(".jp-RenderedImage img")
    assert not picture.count() or not picture.first.is_visible(), "the widget hides its still"
