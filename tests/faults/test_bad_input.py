"""Bad input meets a gate: one clear line, and nothing on disk is lost or changed."""

import gzip
import math
import os
import pickle
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
import torch
from click.testing import CliRunner
from committed import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import checkpoint, data, drawing, files, run, training
from helpers.config import Config

NOTEBOOK = ROOT / "notebooks" / "05_train_mnist.ipynb"
DEFAULTS = run.read_defaults(NOTEBOOK)

SETTINGS = [
    ("lr", "0.1", "a number from 1e-06 to 10.0, got '0.1'"),
    ("lr", math.nan, "got nan; try 0.001 to 0.1"),
    ("lr", math.inf, "got inf"),
    ("lr", -math.inf, "got -inf"),
    ("lr", 0.0, "got 0.0"),
    ("lr", -0.01, "got -0.01"),
    ("lr", None, "got None"),
    ("lr", True, "got True"),
    ("lr", 1e300, "got 1e+300"),
    ("momentum", 1.0, "from 0.0 to 0.999, got 1.0"),
    ("weight_decay", -1e-9, "got -1e-09"),
    ("hidden_size", 0, "a whole number from 1 to 4096, got 0"),
    ("hidden_size", 128.0, "got 128.0"),
    ("hidden_size", 10**12, "got 1000000000000"),
    ("hidden_size", [128], "got [128]"),
    ("batch_size", -1, "got -1"),
    ("num_epochs", 0, "got 0"),
    ("num_epochs", "ten", "got 'ten'"),
    ("patience", 0, "got 0"),
    ("valid_size", 60_000, "from 1 to 59000, got 60000"),
    ("seed", -1, "got -1"),
    ("seed", 2**32, "got 4294967296"),
    ("activation", "ReLU", "one of relu, sigmoid, tanh, got 'ReLU'"),
    ("activation", "", "got ''"),
    ("optimizer", "ädam", "did you mean 'adam'?"),
    ("optimizer", None, "got None"),
    ("optimizer", torch.tensor([1.0]), "got tensor([1.])"),
    ("optimizer", ["sgd"], "got ['sgd']"),
    ("optimizer", "x" * 10_000, "got 'xxxxx"),
    ("hidden_size", torch.zeros(100, 100), "got tensor([[0., 0., 0."),
    ("seed", 10**5000, "got a number of more than"),
    ("schedule", "cos", "did you mean"),
    ("device", "tpu", "one of auto, cpu, cuda, got 'tpu'"),
    ("live", "yes", "True or False, got 'yes'"),
    ("run_dir", 7, "text, got 7"),
    ("run_dir", str(ROOT), "outside of the project's own"),
    ("run_dir", str(ROOT / "helpers"), "outside of the project's own"),
    ("run_dir", str(ROOT / "runs" / ".." / "notebooks"), "outside of the project's own"),
    ("run_dir", str(ROOT / ".git"), "outside of the project's own"),
    ("data_dir", None, "text, got None"),
]


def one_line(error):
    """Is this a message for a person: one line of bearable length?"""
    text = str(error)
    return "\n" not in text and 10 < len(text) < 400 and "Traceback" not in text


@pytest.mark.parametrize(("name", "value", "told"), SETTINGS, ids=range(len(SETTINGS)))
def test_a_setting_that_cannot_be(name, value, told, fault):
    with fault("setting"):
        with pytest.raises(ValueError) as caught:
            Config(**{name: value})
        assert told in str(caught.value) and str(caught.value).startswith(name)
        assert one_line(caught.value)


COMMANDS = [
    (["no_such.ipynb"], "found none at 'no_such.ipynb'"),
    (["README.md"], "must be an .ipynb file"),
    (["./"], "must be an .ipynb file"),
    (["空.ipynb"], "空.ipynb"),
    (["../../../etc/passwd"], "must be an .ipynb file"),
    ([str(NOTEBOOK), "-p", "epochs", "2"], "did you mean num_epochs?"),
    ([str(NOTEBOOK), "-p", "lr", "nan"], "got nan"),
    ([str(NOTEBOOK), "-p", "lr", "-inf"], "got -inf"),
    ([str(NOTEBOOK), "-p", "batch_size", "64.5"], "got 64.5"),
    ([str(NOTEBOOK), "-p", "batch_size", ""], "got ''"),
    ([str(NOTEBOOK), "-p", "optimizer", "adam\nimport os"], "got 'adam\\nimport os'"),
    ([str(NOTEBOOK), "-p", "run_dir", str(ROOT / "data")], "outside of the project's own"),
    ([str(NOTEBOOK), "--run-dir", str(ROOT / "tests" / "new")], "outside of the project's own"),
    ([str(NOTEBOOK), "--run-dir", "/proc/no/such"], "run_dir must be a folder that can be made"),
    ([str(NOTEBOOK), "--run-dir", "a\0b"], "run_dir"),
]


@pytest.mark.parametrize(("arguments", "told"), COMMANDS)
def test_a_command_that_cannot_be(arguments, told, fault, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run.papermill, "execute_notebook", lambda *_, **__: 1 / 0)
    with fault("command", tmp_path):
        done = CliRunner().invoke(run.main, arguments)
        assert done.exit_code == 2 and told in done.stderr, done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
    assert not list(tmp_path.rglob("*"))


@pytest.mark.skipif(os.name == "nt", reason="Windows wants rights for links")
@pytest.mark.parametrize("own", ["notebooks", "data/MNIST", ".git", "."])
def test_a_link_to_the_project_is_no_way_around(own, fault, tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to(ROOT / own)
    monkeypatch.setattr(run.papermill, "execute_notebook", lambda *_, **__: 1 / 0)
    inside = "link/helpers" if own == "." else "link"
    with fault("command"):
        done = CliRunner().invoke(run.main, [str(NOTEBOOK), "--run-dir", str(tmp_path / inside)])
        assert done.exit_code == 2 and "outside of the project's own" in done.stderr


def damage_swap(raw):
    names = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"
    first, second = (raw / name for name in names)
    images = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(images)


def damage_with(change):
    """A damage that changes the bytes of the training images."""

    def damage(raw):
        path = raw / "train-images-idx3-ubyte.gz"
        path.write_bytes(change(path.read_bytes()))

    return damage


def wrong_magic(packed):
    return gzip.compress(b"\0\0\x08\x04" + gzip.decompress(packed)[4:], 1)


def one_pixel(packed):
    pixels = bytearray(gzip.decompress(packed))
    pixels[1000] ^= 1
    return gzip.compress(bytes(pixels), 1)


DATA = {
    "a file is missing": lambda raw: (raw / "t10k-labels-idx1-ubyte.gz").unlink(),
    "images and labels swapped": damage_swap,
    "truncated": damage_with(lambda packed: packed[: len(packed) // 2]),
    "empty": damage_with(lambda packed: b""),
    "not gzip": damage_with(lambda packed: b"PK" + packed[2:]),
    "wrong magic number": damage_with(wrong_magic),
    "one pixel changed": damage_with(one_pixel),
    "an html page": damage_with(lambda packed: b"<html>503 Service Unavailable</html>"),
    "the folder is a file": lambda raw: (shutil.rmtree(raw), raw.write_text("")),
    "a file is a folder": lambda raw: (
        (raw / "t10k-labels-idx1-ubyte.gz").unlink(),
        (raw / "t10k-labels-idx1-ubyte.gz").mkdir(),
    ),
}


@pytest.mark.parametrize("damage", DATA)
def test_data_that_is_not_mnist(damage, tmp_path, fault):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for path in data.raw_folder().glob("*.gz"):
        shutil.copy(path, raw)
    DATA[damage](raw)
    with fault("data folder", tmp_path):
        with pytest.raises((ValueError, OSError)) as caught:
            data.load_mnist(str(tmp_path))
        assert one_line(caught.value) and "MNIST/raw" in str(caught.value)


class Malicious:
    """Makes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def zip_of(path, name, text):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, text)


def changed(**parts):
    """A damage that replaces parts of the checkpoint, or with None takes them out."""

    def damage(path):
        state = checkpoint.load(path) | parts
        state = {name: part for name, part in state.items() if part is not None}
        checkpoint.save(state, path)

    return damage


CHECKPOINTS = {
    "without best weights": changed(best_weights=None),
    "without random state": changed(loader_rng=None),
    "settings that are a list": changed(config=[1]),
    "an empty optimizer": changed(optimizer={}),
    "other weights": changed(model={"1.weight": torch.zeros(3)}),
    "half a history": lambda path: changed(
        history=checkpoint.load(path)["history"] | {"train_losses": []}
    )(path),
    "over another number of steps": lambda path: changed(
        history=checkpoint.load(path)["history"] | {"num_steps": 7}
    )(path),
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("not a checkpoint"),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-1000]),
    "cut in half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "one byte changed": lambda path: path.write_bytes(
        (found := path.read_bytes())[:50_000] + bytes([found[50_000] ^ 255]) + found[50_001:]
    ),
    "a zip of something else": lambda path: zip_of(path, "hello.txt", "hello"),
    "a list": lambda path: torch.save([1, 2, 3], path),
    "weights alone": lambda path: torch.save({"model": {}}, path),
    "a pickle that runs code": lambda path: torch.save(Malicious(path.with_name("ran")), path),
    "an old pickle that runs code": lambda path: path.write_bytes(
        pickle.dumps(Malicious(path.with_name("ran")))
    ),
    "of other settings": None,
}


@pytest.mark.parametrize("damage", CHECKPOINTS)
def test_a_checkpoint_that_is_not_this_run_s(damage, tmp_path, start, fault):
    path, config = tmp_path / "checkpoint.pt", Config(num_epochs=2, valid_size=200)
    training.fit(*start(config), checkpoint_path=path)
    if CHECKPOINTS[damage]:
        CHECKPOINTS[damage](path)
    else:
        config = replace(config, lr=0.02)
    parts = start(config)
    with fault("checkpoint", tmp_path):  # it is kept as it is, and no foreign code runs
        with pytest.raises(ValueError) as caught:
            training.fit(*parts, checkpoint_path=path)
        assert one_line(caught.value) and str(path) in str(caught.value)
        fresh = training.make_model(config).state_dict()
        assert all(torch.equal(fresh[name], found) for name, found in parts[0].state_dict().items())


@pytest.mark.parametrize("damaged", ["data", "checkpoint"])
def test_the_command_fails_with_one_line_and_keeps_what_is_damaged(damaged, tmp_path, fault):
    folder, arguments = tmp_path / "run", [str(NOTEBOOK), "-p", "num_epochs", "1"]
    folder.mkdir()
    if damaged == "data":
        shutil.copytree(data.raw_folder(), tmp_path / "MNIST" / "raw")
        DATA["truncated"](tmp_path / "MNIST" / "raw")
        arguments += ["-p", "data_dir", str(tmp_path)]
        kept, told = tmp_path / "MNIST", "is damaged: expected"
    else:
        kept, told = folder / "checkpoint.pt", "is no whole checkpoint; move it away and run again"
        kept.write_text("not a checkpoint")
    with fault(f"{damaged}, by command", kept):
        done = CliRunner().invoke(run.main, [*arguments, "--run-dir", str(folder)])
        lines = [line for line in done.stderr.splitlines() if line.startswith("ValueError: ")]
        assert done.exit_code == 1 and len(lines) == 1 and told in lines[0], done.stderr
        assert not (folder / "metrics.json").exists() and not (folder / NOTEBOOK.name).exists()


STROKES = [
    ([[[math.nan, 1]]], "finite numbers, got nan"),
    ([[[math.inf, 1]]], "finite numbers, got inf"),
    ([[["a", 1]]], "a list of points"),
    ([[[1, 2, 3]]], "a list of points"),
    ([[]], "a list of points"),
    ([None], "a list of points"),
    ([[[1, 2], [3]]], "a list of points"),
    ([], "the page is empty"),
    ([[[-1000, -1000], [-900, -900]]], "the page is empty"),
    ([[[1e30, 0]]], "the page is empty"),
    ([[[10**400, 1]]], "a list of points"),
    ([[[1, 1]] * 4000, [[2, 2]] * 4000], "at most 5000 points, got 8000"),
]


@pytest.mark.parametrize(("strokes", "told"), STROKES)
def test_a_drawing_that_cannot_be_read(strokes, told, fault):
    with fault("drawing"):
        with pytest.raises(ValueError) as caught:
            drawing.read(strokes, training.make_model(Config()))
        assert told in str(caught.value) and one_line(caught.value)


@pytest.mark.parametrize("fails", ["write", "flush", "replace"])
def test_a_full_disk_leaves_the_earlier_file(fails, tmp_path, monkeypatch, fault):
    path = tmp_path / "metrics.json"
    files.save_json({"accuracy": 0.9}, path)

    def full(*_):
        raise OSError(28, "No space left on device")

    if fails == "write":
        saving = lambda: files.write_whole(path, full)  # noqa: E731
    else:
        monkeypatch.setattr(files.os, {"flush": "fsync", "replace": "replace"}[fails], full)
        saving = lambda: files.save_json({"accuracy": 0.1}, path)  # noqa: E731
    with fault("full disk", tmp_path), pytest.raises(OSError, match="No space left"):
        saving()


def test_a_full_disk_while_a_checkpoint_is_written(tmp_path, fault):
    """The system itself refuses to write more than so many bytes."""
    code = """
import resource, signal, sys, torch
from helpers import checkpoint
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    checkpoint.save({"a": torch.zeros(1_000_000)}, sys.argv[1])
except OSError as error:
    print(error)
"""
    path = tmp_path / "checkpoint.pt"
    command = [sys.executable, "-c", code, str(path)]
    checkpoint.save({"a": torch.zeros(10)}, path)
    with fault("full disk", tmp_path):
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.stdout.strip() == "[Errno 27] File too large", done.stderr


POWERLESS = []  # root may read and write all; without these rights it meets what others meet
if hasattr(os, "geteuid") and os.geteuid() == 0:
    POWERLESS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
FORBIDDEN = {
    "data that may not be read": ("MNIST/raw/t10k-labels-idx1-ubyte.gz", 0o000, "data"),
    "a checkpoint that may not be read": ("checkpoint.pt", 0o000, "checkpoint"),
    "a folder that may not be written": ("", 0o555, "save"),
    "a run folder that may not be made": ("", 0o555, "run"),
}
ATTEMPTS = {
    "data": "data.load_mnist(folder)",
    "checkpoint": "checkpoint.load(folder + '/checkpoint.pt')",
    "save": "files.save_json({}, folder + '/metrics.json')",
    "run": "run.make_folder(folder + '/new', Path('05_train_mnist.ipynb'))",
}


@pytest.mark.skipif(bool(POWERLESS) and not shutil.which("setpriv"), reason="no setpriv")
@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_is_forbidden_is_told_in_one_line(what, tmp_path, fault):
    shutil.copytree(data.raw_folder(), tmp_path / "MNIST" / "raw")
    checkpoint.save({}, tmp_path / "checkpoint.pt")
    name, mode, attempt = FORBIDDEN[what]
    code = "import sys; from pathlib import Path; from helpers import checkpoint, data, files, run"
    code += f"\nfolder = sys.argv[1]\ntry:\n    {ATTEMPTS[attempt]}"
    code += "\nexcept (OSError, ValueError) as error:\n    print(error)\n"
    with fault("missing permission", tmp_path):
        (tmp_path / name).chmod(mode)
        command = [*POWERLESS, sys.executable, "-c", code, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True)
        (tmp_path / name).chmod(0o755)
        (line,) = done.stdout.splitlines()
        assert "Permission denied" in line and str(tmp_path) in line, done.stderr


RUNS = {
    "no metrics": lambda folder: (folder / "metrics.json").unlink(),
    "metrics that are no JSON": lambda folder: (folder / "metrics.json").write_text("none"),
    "metrics without settings": lambda folder: (folder / "metrics.json").write_text("{}"),
    "settings of another network": lambda folder: (folder / "metrics.json").write_text(
        '{"parameters": {"hidden_size": 7}}'
    ),
    "weights that are a list": lambda folder: torch.save([1], folder / "model.pt"),
    "weights that are cut off": lambda folder: (folder / "model.pt").write_bytes(
        (folder / "model.pt").read_bytes()[:1000]
    ),
}


@pytest.mark.parametrize("damage", RUNS)
def test_a_run_folder_that_notebook_06_cannot_load(damage, tmp_path, fault):
    model = training.make_model(Config(seed=3))
    checkpoint.save(model.state_dict(), tmp_path / "model.pt")
    files.save_json({"parameters": {"seed": 3}}, tmp_path / "metrics.json")
    config, found = training.load_trained(tmp_path, live=False)
    assert config == Config(seed=3) and torch.equal(found[1].weight, model[1].weight)
    RUNS[damage](tmp_path)
    with fault("run folder for 06", tmp_path):
        with pytest.raises(ValueError, match="run_dir must hold") as caught:
            training.load_trained(tmp_path)
        assert one_line(caught.value)


def test_a_digit_set_smaller_than_its_validation_part(digits, fault):
    with fault("data folder"):
        with pytest.raises(ValueError, match="valid_size must be below the 1000 digits"):
            data.make_loaders(*digits, Config(valid_size=1000))


def test_a_folder_in_use_is_refused(tmp_path, start, fault):
    config, path = Config(num_epochs=1, valid_size=200), tmp_path / "checkpoint.pt"
    training.fit(*start(config), checkpoint_path=path)
    with fault("folder in use", tmp_path):
        with files.lock(tmp_path), pytest.raises(ValueError, match="in use by another run"):
            with files.lock(tmp_path, seconds=0):
                pass
        assert training.fit(*start(config), checkpoint_path=path).ended  # free again


def test_the_table_is_long_enough():
    assert len(SETTINGS + COMMANDS + STROKES) + len(DATA) + len(CHECKPOINTS) >= 40


numbers = st.one_of(st.floats(), st.integers(), st.text(), st.none(), st.booleans())


@given(
    name=st.sampled_from(["lr", "momentum", "weight_decay", "hidden_size", "batch_size", "seed"]),
    value=numbers,
)
def test_any_value_is_taken_or_refused_in_one_line(name, value):
    try:
        taken = getattr(Config(**{name: value}), name)
    except ValueError as error:
        assert str(error).startswith(f"{name} must be ") and "\n" not in str(error)
    else:
        assert taken == value and math.isfinite(value) and type(value) in (int, float)


@given(st.text(min_size=1))
def test_any_text_is_taken_or_refused_on_the_command_line(text):
    try:
        (value,) = run.check_parameters(DEFAULTS, [("lr", text)]).values()
    except ValueError as error:
        assert re.match("lr must be ", str(error))
    else:
        assert 1e-6 <= value <= 10


@settings(max_examples=50)
@given(st.lists(st.lists(st.tuples(st.floats(), st.floats()), max_size=4), max_size=3))
def test_any_strokes_are_drawn_or_refused_in_one_line(strokes):
    try:
        form = drawing.to_mnist(drawing.draw(strokes))
    except ValueError as error:
        assert "\n" not in str(error)
    else:
        assert form.shape == (1, 28, 28) and form.isfinite().all() and form.sum() > 0


def test_reading_a_checkpoint_names_the_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        checkpoint.load(tmp_path / "none.pt")
