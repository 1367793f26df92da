"""What is damaged, unrelated or forbidden meets one clear line, and nothing on disk changes."""

import gzip
import json
import os
import pickle
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
import torch
from command_line import command, one_line, small_notebook

from helpers import data, files, training
from helpers.config import Config
from helpers.files import load_tensors, save_tensors
from helpers.training import run_folder

CONFIG = Config(num_epochs=2, valid_size=200)


def swap_labels_and_images(raw):
    images, labels = raw / "train-images-idx3-ubyte.gz", raw / "train-labels-idx1-ubyte.gz"
    packed = images.read_bytes()
    images.write_bytes(labels.read_bytes())
    labels.write_bytes(packed)


def spoil(change):
    """A damage that changes the bytes of the test images."""

    def damage(raw):
        path = raw / "t10k-images-idx3-ubyte.gz"
        path.write_bytes(change(path.read_bytes()))

    return damage


def wrong_magic(packed):
    return gzip.compress(b"\0\0\x08\x04" + gzip.decompress(packed)[4:], 1)


def one_pixel(packed):
    pixels = bytearray(gzip.decompress(packed))
    pixels[5000] ^= 1
    return gzip.compress(bytes(pixels), 1)


IMAGES, LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"
DATA = {  # the damage, and the file that the message must name
    "a file is missing": (lambda raw: (raw / f"{LABELS}.gz").unlink(), LABELS),
    "a file is a folder": (
        lambda raw: ((raw / f"{LABELS}.gz").unlink(), (raw / f"{LABELS}.gz").mkdir()),
        LABELS,
    ),
    "the folder is a file": (
        lambda raw: (shutil.rmtree(raw), raw.write_text("", encoding="utf-8")),
        "",
    ),
    "images and labels swapped": (swap_labels_and_images, "train-images-idx3-ubyte"),
    "another file's copy": (
        lambda raw: shutil.copy(raw / f"{LABELS}.gz", raw / f"{IMAGES}.gz"),
        IMAGES,
    ),
    "truncated": (spoil(lambda packed: packed[: len(packed) // 2]), IMAGES),
    "the end is missing": (spoil(lambda packed: packed[:-1000]), IMAGES),
    "empty": (spoil(lambda packed: b""), IMAGES),
    "not gzip": (spoil(lambda packed: b"PK" + packed[2:]), IMAGES),
    "wrong magic number": (spoil(wrong_magic), IMAGES),
    "one pixel changed": (spoil(one_pixel), IMAGES),
    "an html page": (spoil(lambda packed: b"<html>503 Service Unavailable</html>"), IMAGES),
}


@pytest.fixture
def raw(tmp_path):
    """A copy of the folder with MNIST's files, which a test may damage."""
    return shutil.copytree(data.raw_folder(), tmp_path / "MNIST" / "raw")


@pytest.mark.parametrize("damage", DATA)
def test_data_that_is_not_mnist(damage, tmp_path, raw, fault):
    spoil_it, name = DATA[damage]
    spoil_it(raw)
    with fault("data folder", tmp_path):
        with pytest.raises((ValueError, OSError)) as caught:
            data.load_mnist(str(tmp_path))
        message = str(caught.value)
        assert one_line(message) and str(raw / name) in message
    if isinstance(caught.value, ValueError):  # read, and found to be something else
        found = message.split("found ")[1][:64]
        assert len(found) == 64 and set(found) <= set("0123456789abcdef")
        assert data.SHA256[name] in message and found != data.SHA256[name]
    if damage == "a file is missing":
        assert isinstance(caught.value, FileNotFoundError) and data.SHA256[name] in message
        assert "git checkout -- data" in message


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
        state = load_tensors(path) | parts
        state = {name: part for name, part in state.items() if part is not None}
        save_tensors(state, path)

    return damage


def flip(path, place=50_000, bits=255):
    whole = path.read_bytes()
    path.write_bytes(whole[:place] + bytes([whole[place] ^ bits]) + whole[place + 1 :])


INCOMPLETE, UNRELATED = "is not a complete checkpoint", "is not a checkpoint of this model"
CHECKPOINTS = {  # the damage, and what the message must say
    "without best weights": (changed(best_weights=None), UNRELATED),
    "without random state": (changed(loader_rng=None), UNRELATED),
    "settings that are a list": (changed(config=[1]), UNRELATED),
    "an empty optimizer": (changed(optimizer={}), UNRELATED),
    "other weights": (changed(model={"1.weight": torch.zeros(3)}), UNRELATED),
    "half a history": (
        lambda path: changed(history=load_tensors(path)["history"] | {"train_losses": []})(path),
        UNRELATED,
    ),
    "over another number of steps": (
        lambda path: changed(history=load_tensors(path)["history"] | {"num_steps": 7})(path),
        "7 steps, not 26",
    ),
    "a list": (lambda path: torch.save([1, 2, 3], path), UNRELATED),
    "a state dict": (
        lambda path: save_tensors(training.make_model(CONFIG).state_dict(), path),
        UNRELATED,
    ),
    "weights alone": (lambda path: torch.save({"model": {}}, path), UNRELATED),
    "empty": (lambda path: path.write_bytes(b""), INCOMPLETE),
    "text": (lambda path: path.write_text("not a checkpoint", encoding="utf-8"), INCOMPLETE),
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:-1000]), INCOMPLETE),
    "cut in half": (lambda path: os.truncate(path, path.stat().st_size // 2), INCOMPLETE),
    "one byte changed": (flip, INCOMPLETE),
    "a zip of something else": (lambda path: zip_of(path, "hello.txt", "hello"), INCOMPLETE),
    "a pickle that runs code": (
        lambda path: torch.save(Malicious(path.with_name("ran")), path),
        INCOMPLETE,
    ),
    "an old pickle that runs code": (
        lambda path: path.write_bytes(pickle.dumps(Malicious(path.with_name("ran")))),
        INCOMPLETE,
    ),
    "of other settings": (None, "lr 0.01, not 0.02; choose another run_dir"),
}


@pytest.fixture(scope="module")
def whole(start, tmp_path_factory):
    """The bytes of the checkpoint that a whole run has left, trained once."""
    path = tmp_path_factory.mktemp("whole") / "checkpoint.pt"
    training.fit(*start(CONFIG), run_dir=path.parent)
    return path.read_bytes()


@pytest.fixture
def path(whole, tmp_path):
    """A checkpoint of its own for each test to damage."""
    (tmp_path / "checkpoint.pt").write_bytes(whole)
    return tmp_path / "checkpoint.pt"


@pytest.mark.parametrize("damage", CHECKPOINTS)
def test_a_checkpoint_that_is_not_this_run_s(damage, path, tmp_path, start, fault):
    spoil_it, shown = CHECKPOINTS[damage]
    if spoil_it:
        spoil_it(path)
    config = CONFIG if spoil_it else replace(CONFIG, lr=0.02)
    parts = start(config)
    with fault("checkpoint", path):
        with pytest.raises(ValueError) as caught:
            training.fit(*parts, run_dir=path.parent)
        message = str(caught.value)
        assert one_line(message) and str(path) in message and shown in message
    assert {file.name for file in tmp_path.iterdir()} <= {"checkpoint.pt", ".lock"}, "it ran code"
    fresh = training.make_model(config).state_dict()
    assert all(torch.equal(fresh[name], found) for name, found in parts[0].state_dict().items())


def test_a_flipped_bit_is_noticed_or_harmless(path, start, tmp_path, fault):
    """In the archive's padding it may go unseen; then the run is the same run."""
    good, size, rejected = load_tensors(path), path.stat().st_size, 0
    for place in range(200, size, size // 12):
        flip(path, place, bits=4)
        with fault("flipped bit", path):
            try:
                found = load_tensors(path)
            except ValueError as error:
                rejected += 1
                assert f"{path} is not a complete checkpoint" in str(error)
                with pytest.raises(ValueError, match="is not a complete checkpoint"):
                    training.fit(*start(CONFIG), run_dir=path.parent)
            else:
                torch.testing.assert_close(
                    found["best_weights"], good["best_weights"], rtol=0, atol=0
                )
                assert found["history"] == good["history"]
        flip(path, place, bits=4)
    assert rejected >= 10


def test_reading_a_checkpoint_names_the_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_tensors(tmp_path / "none.pt")


TRAIN = """
from torch.utils.data import TensorDataset
from helpers import data, training
train_set, test_set = (TensorDataset(*part[:500]) for part in data.load_mnist())
config = training.Config(num_epochs=1, valid_size=200)
loaders = data.make_loaders(train_set, test_set, config)
model = training.make_model(config)
sgd = training.make_optimizer(model, config)
training.fit(model, sgd, *loaders[:2], config, run_dir=run_dir)
"""


def test_the_command_fails_with_one_line_and_keeps_what_is_damaged(tmp_path, fault):
    kept = tmp_path / "run" / "checkpoint.pt"
    kept.parent.mkdir()
    kept.write_text("not a checkpoint", encoding="utf-8")
    small_notebook(tmp_path / "small.ipynb", 'run_dir = ""', TRAIN, "1")
    with fault("checkpoint, by command", kept):
        code, _, err = command(tmp_path / "small.ipynb", "--run-dir", kept.parent)
        (line,) = (line for line in err.splitlines() if line.startswith("ValueError: "))
        assert code == 1 and "is not a complete checkpoint; move it aside and run again" in line
        assert not (kept.parent / "small.ipynb").exists()


@pytest.mark.parametrize("fails", ["write", "interrupt", "flush", "replace"])
def test_a_write_that_fails_leaves_the_earlier_file(fails, tmp_path, monkeypatch, fault):
    path = tmp_path / "metrics.json"
    files.save_json({"accuracy": 0.9}, path)

    def full(*_):
        raise OSError(28, "No space left on device")

    def stop_half_way(file):
        file.write(b"half")
        raise KeyboardInterrupt

    write = {"write": full, "interrupt": stop_half_way}.get(fails, lambda file: file.write(b"{}"))
    if fails in ("flush", "replace"):
        monkeypatch.setattr(files.os, {"flush": "fsync", "replace": "replace"}[fails], full)
    with fault("full disk", tmp_path), pytest.raises((OSError, KeyboardInterrupt)) as caught:
        files.write_atomically(path, write)
    assert (caught.type is KeyboardInterrupt) == (fails == "interrupt")
    assert fails == "interrupt" or "No space left" in str(caught.value)
    assert json.loads(path.read_text(encoding="utf-8")) == {"accuracy": 0.9}
    assert list(tmp_path.iterdir()) == [path]


POWERLESS = []  # root may read and write all; without these rights it meets what others meet
if hasattr(os, "geteuid") and os.geteuid() == 0:
    POWERLESS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
FORBIDDEN = {  # what it is, the file or folder that may not be used, its mode, and who tries
    "data that may not be read": (
        "MNIST/raw/t10k-labels-idx1-ubyte.gz",
        0o000,
        "data.load_mnist({})",
    ),
    "a checkpoint that may not be read": (
        "read/checkpoint.pt",
        0o000,
        "load_tensors({} + '/read/checkpoint.pt')",
    ),
    "a folder that may not be written": (
        "write",
        0o555,
        "files.save_json({{}}, {} + '/write/metrics.json')",
    ),
    "a run folder that may not be made": (
        "make",
        0o555,
        "run.make_folder({} + '/make/new', Path('05_train_mnist.ipynb'), False)",
    ),
    "more than the disk takes": (
        "small",
        0o755,
        "save_tensors(dict(a=torch.zeros(10**6)), {} + '/small/checkpoint.pt')",
    ),
}
CHILD = """
import json, resource, signal, sys, torch
from pathlib import Path
from helpers import data, files, run
from helpers.files import load_tensors, save_tensors
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))  # the system itself rejects more
shown = {}
for what, attempt in json.loads(sys.argv[1]).items():
    try:
        shown[what] = f"returned {eval(attempt)}"
    except (OSError, ValueError) as error:
        shown[what] = str(error)
print(json.dumps(shown))
"""


@pytest.mark.skipif(bool(POWERLESS) and not shutil.which("setpriv"), reason="no setpriv")
@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_what_is_forbidden_is_told_in_one_line(tmp_path, raw, fault):
    """One process without root's rights tries everything."""
    for name in ("read", "write", "make", "small"):
        (tmp_path / name).mkdir()
    save_tensors({}, tmp_path / "read" / "checkpoint.pt")
    save_tensors({"a": torch.zeros(10)}, tmp_path / "small" / "checkpoint.pt")
    attempts = {what: tries.format(repr(str(tmp_path))) for what, (*_, tries) in FORBIDDEN.items()}
    with fault("missing permission, full disk", tmp_path) as count:
        count.tried = len(FORBIDDEN)
        for name, mode, _ in FORBIDDEN.values():
            (tmp_path / name).chmod(mode)
        line = [*POWERLESS, sys.executable, "-c", CHILD, json.dumps(attempts)]
        done = subprocess.run(line, capture_output=True, text=True)
        for name, *_ in FORBIDDEN.values():
            (tmp_path / name).chmod(0o755)
        assert done.returncode == 0, done.stderr
        for what, message in json.loads(done.stdout).items():
            if what == "more than the disk takes":
                assert message == "[Errno 27] File too large"
            else:
                assert "Permission denied" in message and str(tmp_path) in message, what
                assert one_line(message), what


RUNS = {
    "no metrics": lambda folder: (folder / "metrics.json").unlink(),
    "metrics that are no JSON": lambda folder: (folder / "metrics.json").write_text(
        "none", encoding="utf-8"
    ),
    "metrics without settings": lambda folder: (folder / "metrics.json").write_text(
        "{}", encoding="utf-8"
    ),
    "settings of another network": lambda folder: (folder / "metrics.json").write_text(
        '{"parameters": {"hidden_size": 7}}', encoding="utf-8"
    ),
    "weights that are a list": lambda folder: torch.save([1], folder / "model.pt"),
    "weights that are cut off": lambda folder: os.truncate(folder / "model.pt", 1000),
}


@pytest.mark.parametrize("damage", RUNS)
def test_a_run_folder_that_notebook_06_cannot_load(damage, tmp_path, fault):
    model = training.make_model(Config(seed=3))
    save_tensors(model.state_dict(), tmp_path / "model.pt")
    files.save_json({"parameters": {"seed": 3}}, tmp_path / "metrics.json")
    config, found = training.load_trained(tmp_path, live=False)
    assert config == Config(seed=3) and torch.equal(found[1].weight, model[1].weight)
    RUNS[damage](tmp_path)
    with fault("run folder for 06", tmp_path):
        with pytest.raises(ValueError, match="run_dir must hold") as caught:
            training.load_trained(tmp_path)
        assert one_line(caught.value)


def test_a_folder_in_use_is_rejected(path, tmp_path, start, fault):
    with fault("folder in use", path):
        with run_folder.lock(tmp_path), pytest.raises(ValueError, match="in use by another run"):
            with run_folder.lock(tmp_path, seconds=0):
                pass
        assert training.fit(*start(CONFIG), run_dir=path.parent).ended  # free again
