"""A control for each setting of `Config`, with its range and its sensible values."""

import ipywidgets

ROUND = [float(f"{digit}e{n}") for n in range(-6, 2) for digit in (1, 2, 3, 5, 7)]
# Values that a slider steps through; it hands back exactly these, where a slider over numbers
# would hand back what the browser rounds them to.
STEPS = {
    "hidden_size": [2**n for n in range(13)],
    "lr": ROUND,
    "momentum": [0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999],
    "weight_decay": [0.0, *ROUND],
    "batch_size": [2**n for n in range(16)],
}


def make_control(item, value):
    """Make the control for `item`, a field of Config, that starts at `value`.

    A slider steps in factors or from choice to choice (JupyterLab keeps the arrow keys that a
    drop-down needs), a count is typed. Its `value` is always one that Config accepts.
    """
    rule = item.metadata
    look = {"style": {"description_width": "13.5em"}, "layout": {"width": "97%"}}
    look["description"] = item.name
    if "options" in rule:
        options = rule["options"]
    else:
        look["description"] = f"{item.name} ({rule['typical']})"
        look["tooltip"] = f"from {rule['low']} to {rule['high']}; sensible: {rule['typical']}"
        if item.name not in STEPS:
            return ipywidgets.BoundedIntText(value=value, min=rule["low"], max=rule["high"], **look)
        steps = {value, *(step for step in STEPS[item.name] if rule["low"] <= step <= rule["high"])}
        options = [(f"{step:g}", step) for step in sorted(steps)]
    return ipywidgets.SelectionSlider(value=value, options=options, continuous_update=False, **look)
