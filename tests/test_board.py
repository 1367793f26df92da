"""The board of notebook 09: stones, answers, the end of a game, values on request."""

import functools

from helpers import plots
from helpers.widgets import board as boards

LINES = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]


@functools.cache
def following(board):
    turned = [-stone for stone in board]
    return {i: (*turned[:i], -1, *turned[i + 1 :]) for i in range(9) if board[i] == 0}


@functools.cache
def result(board):
    if any(all(board[i] == -1 for i in line) for line in LINES):
        return -1
    return 0 if all(board) else None


def first_free(board):
    """A weak opponent: it likes the first free square most."""
    return {i: -i / 10 for i in following(board)}


def play(game, *squares):
    """Click the squares; return what the board shows."""
    for square in squares:
        game.squares[square].click()
    return "".join(button.description or "." for button in game.squares)


def test_each_click_puts_a_stone_and_is_answered():
    game = boards.Board(following, result, first_free)
    assert game.status.value == "Your move: you play X."
    assert play(game, 4) == "O...X...."
    assert play(game, 4) == "O...X....", "a square that is taken"
    assert game.squares[4].disabled and not game.squares[1].disabled
    assert play(game, 8) == "OO..X...X"
    assert play(game, 2) == "OOXOX...X"
    assert play(game, 6) == "OOXOX.X.X" and game.status.value == "You have won!"
    assert play(game, 5) == "OOXOX.X.X" and all(button.disabled for button in game.squares)


def test_the_network_may_begin_and_win():
    game = boards.Board(following, result, first_free)
    game.begin["network"].click()
    assert play(game) == "X........" and game.status.value == "Your move: you play O."
    assert play(game, 8, 7) == "XXX....OO" and game.status.value == "The network has won."
    game.begin["you"].click()
    assert play(game) == "." * 9 and game.status.value == "Your move: you play X."


def test_a_full_board_is_a_draw():
    game = boards.Board(following, result, first_free)
    assert play(game, 4, 2, 3, 7, 8) == "OOXXXOOXX" and game.status.value == "A draw."


def test_values_are_shown_on_request_in_free_squares():
    game = boards.Board(following, result, first_free)
    game.shown.value = True
    assert play(game, 4) == "O-0.10-0.20-0.30X-0.50-0.60-0.70-0.80"
    assert "row 1, column 2: -0.10" in game.squares[1].tooltip
    game.shown.value = False
    assert play(game) == "O...X...."


def test_a_still_picture_stands_in_for_it(outputs_of):
    _, (still, look), _ = outputs_of(
        lambda: boards.show_board(following, result, first_free, (1, -1, *7 * (0,)))
    )
    assert "image/png" in still and "X, O, -0.20, -0.30" in look["image/png"]["alt"]
    assert plots.marks((1, -1, *7 * (0,)))[:2] == ["X", "O"]
