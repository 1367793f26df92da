"""Which runs a sweep consists of: settings from text, all their combinations, a name for each."""

import math
from dataclasses import asdict, fields
from itertools import product
from pathlib import Path

from helpers.config import Config, check_run_dir
from helpers.parameters import check_parameters

DEFAULTS = asdict(Config())
COUNTED = [item.name for item in fields(Config) if item.compare]  # they decide a run's numbers
ELSEWHERE = {"run_dir": "give it as --run-dir", "live": "a sweep draws when it has ended"}
MOST_RUNS, MOST_CHARACTERS = 100_000, 200


def read_settings(texts):
    """Turn ["lr=0.01,0.1", "seed=0:5"] into {"lr": [0.01, 0.1], "seed": [0, 1, 2, 3, 4]}.

    Values are separated by commas; for an integer setting a:b means a, a + 1, …, b - 1, as in
    Python. Each is checked by Config. Raises ValueError with one line that names the value, the
    allowed range and the fix.
    """
    settings = {}
    for text in texts:
        name, equals, values = text.partition("=")
        if not equals:
            raise ValueError(f"a setting must be name=value, got {text!r}; try lr=0.01,0.1")
        if name in ELSEWHERE:
            raise ValueError(f"{name} is no setting of a sweep, got {text!r}; {ELSEWHERE[name]}")
        if name in settings:
            raise ValueError(f"{name} is given twice; put all its values into one: {name}=a,b")
        if name in DEFAULTS and name not in COUNTED:  # where to run: one value for all
            settings[name] = [check_parameters(DEFAULTS, [(name, values)])[name]]
            continue
        found = [part for piece in values.split(",") for part in spelt_out(name, piece)]
        found = [check_parameters(DEFAULTS, [(name, part)])[name] for part in found]
        settings[name] = list(dict.fromkeys(found))
    return settings


def spelt_out(name, piece):
    """The texts "0", "1", "2" for "0:3", if the setting is an integer; else the piece itself."""
    if ":" not in piece or type(DEFAULTS.get(name)) is not int:
        return [piece.strip()]
    try:
        low, high = map(int, piece.split(":"))
    except ValueError:
        low = high = 0
    if low >= high:
        what = f"{name} must be a range from:to with from below to, got {piece!r}"
        raise ValueError(f"{what}; {name}=0:5 means the five integers from 0 to 4")
    if high - low > MOST_RUNS:
        what = f"{name} must have at most {MOST_RUNS} values, got {piece!r}"
        raise ValueError(f"{what}; give fewer")
    return [str(number) for number in range(low, high)]


def grid(**settings):
    """All combinations of {name: values}, each as a dict of settings; seeds vary last.

    Every combination of the others comes with the first seed before any comes with the second, so
    that a sweep that is cut short has tried them all.
    """
    count = math.prod(map(len, settings.values()))
    if count > MOST_RUNS:
        raise ValueError(f"a sweep must have at most {MOST_RUNS} runs, got {count}; give fewer")
    order = sorted(settings, key=lambda name: (name != "seed", [*DEFAULTS].index(name)))
    return [
        dict(zip(order, values, strict=True))
        for values in product(*(settings[name] for name in order))
    ]


def make_configs(runs, run_dir):
    """{name: Config} for each dict of settings, its folder `run_dir`/name.

    The name lists the settings that are given and count, in Config's order: "lr=0.1,seed=0".
    Raises ValueError if a setting is wrong, or if two runs would share a folder.
    """
    if not str(run_dir):
        raise ValueError("run_dir must be a folder's name, got ''; try runs/my-sweep")
    check_run_dir(str(run_dir))
    if not runs:
        raise ValueError("a sweep must have at least one run, got none")
    configs = {}
    for settings in runs:
        if unknown := [name for name in settings if name not in DEFAULTS]:
            check_parameters(DEFAULTS, [(unknown[0], "")])
        name = ",".join(f"{name}={settings[name]}" for name in COUNTED if name in settings)
        if name in configs:
            raise ValueError(f"each run must be given once, got {name} twice")
        if len(name) > MOST_CHARACTERS:
            what = f"a run's settings must fit {MOST_CHARACTERS} characters"
            raise ValueError(f"{what}, got {name}; leave out those that have their default")
        folder = Path(run_dir).expanduser().resolve() / (name or "default")
        places = {"run_dir": str(folder), "live": False}
        if settings.get("data_dir"):  # workers may run elsewhere
            places["data_dir"] = str(Path(settings["data_dir"]).expanduser().resolve())
        configs[name] = Config(**settings | places)
    return configs


def make_folder(run_dir):
    """Make the sweep's folder. Raises ValueError if it can't be made."""
    folder = Path(run_dir).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"run_dir must be a folder that can be made, got {str(run_dir)!r}"
        raise ValueError(f"{what}: {error.strerror}") from None
    return folder
