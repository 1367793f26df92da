"""Things to touch: explorers, the training panel, the drawing pad, a board to play on.

A module is imported when its first name is used, so that a page that needs a slider does not load
what trains (PEP 562).
"""

import importlib

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


def __getattr__(name):
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{MODULES[name]}")
    return getattr(module, name, module)


def __dir__():
    return __all__
