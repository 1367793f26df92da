"""A control for each setting of `Config`: buttons for choices, sliders and fields for numbers."""

import ipywidgets

from helpers.config import Choice

LABEL_WIDTH = "13.5em"
ROUND_NUMBERS = [float(f"{digit}e{n}") for n in range(-6, 2) for digit in (1, 2, 3, 5, 7)]
# Values that a slider steps through; it returns exactly these, while a slider over all numbers
# would return what the browser rounds them to.
STEPS = {
    "hidden_size": [2**n for n in range(13)],
    "lr": ROUND_NUMBERS,
    "momentum": [0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999],
    "weight_decay": [0.0, *ROUND_NUMBERS],
    "batch_size": [2**n for n in range(16)],
}


def make_control(item, value):
    """Make the control for `item`, a field of Config, with `value` as its first value.

    Choices become buttons, counts number fields, and other numbers sliders. The control's `value`
    is always one that Config accepts.
    """
    rule = item.metadata["rule"]
    if isinstance(rule, Choice):
        look = {"style": {"button_width": "auto"}, "tooltip": item.name}
        return ipywidgets.ToggleButtons(value=value, options=rule.options, **look)
    look = {"style": {"description_width": LABEL_WIDTH}, "layout": {"width": "97%"}}
    look["description"] = f"{item.name} ({rule.typical})"
    look["tooltip"] = f"from {rule.low} to {rule.high}; sensible: {rule.typical}"
    if item.name not in STEPS:
        return ipywidgets.BoundedIntText(value=value, min=rule.low, max=rule.high, **look)
    steps = {value, *(step for step in STEPS[item.name] if rule.low <= step <= rule.high)}
    options = [(f"{step:g}", step) for step in sorted(steps)]
    return ipywidgets.SelectionSlider(value=value, options=options, continuous_update=False, **look)


def arrange(controls):
    """Lay out {name: control}: numbers in two columns, below them a row for each choice.

    ToggleButtons would put a description of their own above the buttons.
    """
    choices = {k: v for k, v in controls.items() if isinstance(v, ipywidgets.ToggleButtons)}
    numbers = [control for name, control in controls.items() if name not in choices]
    right = {"display": "flex", "justify_content": "flex-end", "min_width": LABEL_WIDTH}
    rows = [
        ipywidgets.HBox([ipywidgets.Label(name, layout=right), control])
        for name, control in choices.items()
    ]
    columns = {"grid_template_columns": "50% 50%", "width": "98%"}
    return ipywidgets.VBox([ipywidgets.GridBox(numbers, layout=columns), *rows])


def close_all(widgets):
    """Close these widgets and all that are in them."""
    for widget in widgets:
        close_all(getattr(widget, "children", ()))
        widget.close()
