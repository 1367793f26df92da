"""A board of tic-tac-toe: play against a network, and see what it thinks your moves are worth."""

import functools

import ipywidgets
from matplotlib.figure import Figure

from helpers.plots.diagrams import draw_board, marks
from helpers.plots.style import picture, tidy
from helpers.widgets.stills import show_with_still

EMPTY = 9 * (0,)


def show_board(following, result, values_of, board=EMPTY):
    """Display a board to play on; where no kernel runs, a picture of `board` and its values.

    A board is a tuple of nine numbers, 1 for a stone of the player to move, -1 for the other's.
    `following(board)` is {square: board after that move}, seen by the next player;
    `result(board)` is -1 if the player to move has lost, 0 for a draw, None before the end;
    `values_of(board)` is {square: what the move is worth to its player, from -1 to 1}.
    """
    figure = Figure(figsize=(3.2, 3.3), layout="constrained")
    ax = tidy(figure.subplots())
    draw_board(board, values_of(board), title="What each move is worth", ax=ax)
    show_with_still(
        Board(following, result, values_of).panel,
        picture(figure),
        "A board to play tic-tac-toe on.",
    )


class Board:
    """The widgets of a game; `panel` holds them all. The network takes its best move at once."""

    def __init__(self, following, result, values_of):
        self.following, self.result, self.values_of = following, result, values_of
        size = ipywidgets.Layout(width="72px", height="56px")
        self.squares = [ipywidgets.Button(layout=size) for _ in range(9)]
        for i, button in enumerate(self.squares):
            button.on_click(functools.partial(self.click, i))
        texts = {"you": "New game: you begin", "network": "New game: it begins"}
        wide = ipywidgets.Layout(width="auto")
        self.begin = {
            who: ipywidgets.Button(description=text, layout=wide) for who, text in texts.items()
        }
        for who, button in self.begin.items():
            button.on_click(functools.partial(self.start, who))
        text = "show what your moves are worth, in its opinion"
        self.shown = ipywidgets.Checkbox(description=text, indent=False, layout=wide)
        self.shown.observe(self.show, "value")
        self.status = ipywidgets.Label()
        grid = ipywidgets.GridBox(
            self.squares, layout={"grid_template_columns": "repeat(3, 76px)", "margin": "6px 0"}
        )
        buttons = ipywidgets.HBox(list(self.begin.values()))
        self.panel = ipywidgets.VBox([buttons, grid, self.shown, self.status])
        self.start("you")

    def start(self, who, button=None):
        """Clear the board; `who` begins: "you" or "network"."""
        self.board = EMPTY
        if who == "network":
            self.answer()
        self.show()

    def click(self, square, button=None):
        """Put the reader's stone there, if that is allowed, and answer."""
        after = self.following(self.board)
        if self.result(self.board) is None and square in after:
            self.board, self.yours = after[square], True
            if self.result(self.board) is None:
                self.answer()
        self.show()

    def answer(self):
        """Make the move that the network values most."""
        values = self.values_of(self.board)
        self.board, self.yours = self.following(self.board)[max(values, key=values.get)], False

    def show(self, change=None):
        """Bring squares and status up to date."""
        ended = self.result(self.board)
        values = self.values_of(self.board) if ended is None and self.shown.value else {}
        for i, (button, mark) in enumerate(zip(self.squares, marks(self.board), strict=True)):
            value = f"{values[i]:+.2f}" if i in values else ""
            button.description, button.disabled = mark or value, ended is not None or bool(mark)
            button.style.font_size, button.style.text_color = "22px" if mark else "13px", "black"
            button.style.button_color = {"X": "#8FC1E3", "O": "#F2B48C"}.get(mark, "#F4F4F4")
            button.tooltip = f"row {i // 3 + 1}, column {i % 3 + 1}: {mark or value or 'free'}"
        mover = "XO"[sum(map(abs, self.board)) % 2]
        told = {None: f"Your move: you play {mover}.", 0: "A draw."}
        won = "You have won!" if ended and self.yours else "The network has won."
        self.status.value = told.get(ended, won)
