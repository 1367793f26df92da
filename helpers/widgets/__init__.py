"""Things to touch: explorers, the training panel, the drawing pad, a board to play on.

A module is imported when its first name is used, so that a page that needs a slider does not load
what trains (PEP 562).
"""

from helpers.lazy import names_of

MODULES = {
    "explore": "explorer",
    "TrainingPanel": "training_panel",
    "show_training_panel": "training_panel",
    "TrainingTask": "training_task",
    "Board": "board",
    "show_board": "board",
    "DigitPad": "digit_pad",
    "show_digit_pad": "digit_pad",
    "strokes": "strokes",
}
__all__ = list(MODULES)
__getattr__, __dir__ = names_of(__name__, MODULES)
