"""PyTorch against TensorFlow: the record agrees with itself and with what PyTorch computes here."""

import importlib
import os
import re
import runpy
import signal
import statistics
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from command_line import one_line
from stored_notebooks import ROOT

from helpers import frameworks
from helpers.frameworks import comparison, worker
from helpers.frameworks.processes import Worker

RECORDED = frameworks.recorded()
BOTH = ("pytorch", "tensorflow")
WAYS = {
    "pytorch": {"eager", "compiled", "compiled step", "loop"},
    "tensorflow": {"eager", "compiled", "xla", "loop", "loop of 32"},
    "tensorflow_core": {"eager", "compiled"},
}
# float32 numbers near a loss of 2 are 2.4e-7 apart; the two libraries are no further apart than
# that. A momentum of 0.9001 in place of 0.9 moves a loss by 7e-3.
TOLERANCE = 1e-6


@pytest.fixture(scope="module")
def task(mnist):
    return frameworks.make_task(mnist[0])


def test_the_record_is_of_the_task_that_is_made_here(task):
    about = RECORDED["task"]
    assert frameworks.fingerprint(task) == about["sha256"]
    assert task["order"].shape == (about["steps"], about["batch_size"]) == (600, 64)
    assert task["lr"] == np.float32(about["lr"]) and task["momentum"] == np.float32(0.9)
    assert 0 <= task["order"].min() and 11_950 < task["order"].max() < 12_000
    assert abs(task["X"].mean()) < 0.02 and abs(task["X"].std() - 1) < 0.02
    assert about["threads"] == 1


def test_the_file_says_where_when_and_with_what_it_was_measured():
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", RECORDED["date"])
    assert RECORDED["machine"].keys() == {"processor", "cores", "system"}
    assert RECORDED["pytorch"]["versions"].keys() == {"torch", "python", "numpy"}
    assert RECORDED["tensorflow"]["versions"].keys() == {"tensorflow", "keras", "python", "numpy"}
    assert comparison.RECORD.stat().st_size < 60_000


@pytest.mark.parametrize("name", WAYS)
def test_each_way_has_its_times(name):
    found = RECORDED[name]
    assert not found["failed"]
    for clock in ("cpu_ms", "wall_ms"):
        assert found[clock].keys() == WAYS[name]
        for times in found[clock].values():
            assert 0 < times["lowest"] <= times["median"] <= times["highest"] < 1000
    steps = {way for way in WAYS[name] if "loop" not in way}
    assert found["first_call_seconds"].keys() == found["gap_to_eager"].keys() == steps


@pytest.mark.parametrize("name", BOTH)
def test_all_ways_of_a_library_train_the_same(name):
    found = RECORDED[name]
    assert all(len(losses) == 600 for losses in found["losses"].values())
    assert (
        found["losses"]["eager"][0] > 2 and statistics.fmean(found["losses"]["eager"][-50:]) < 0.3
    )
    assert all(gap < TOLERANCE for gap in found["gap_to_eager"].values())
    for mean in found["mean_loss"].values():  # a loop gives the mean of all its steps
        assert mean == pytest.approx(statistics.fmean(found["losses"]["eager"]), abs=TOLERANCE)


def test_the_gaps_are_those_of_the_losses():
    for way in ("eager", "compiled"):
        found = frameworks.largest_gap(*(RECORDED[name]["losses"][way] for name in BOTH))
        assert found == pytest.approx(RECORDED["gaps"][way], abs=1e-8) and found < TOLERANCE
    assert RECORDED["gaps"]["float64"] < 1e-14


def test_pytorch_here_gives_the_losses_that_tensorflow_gave_there(task):
    losses = frameworks.losses_here(task)
    for name in BOTH:
        assert frameworks.largest_gap(losses, RECORDED[name]["losses"]["eager"]) < TOLERANCE


@pytest.mark.parametrize(
    "change",
    [
        {"momentum": np.float32(0.8)},
        {"momentum": np.float32(0.9001)},
        {"lr": np.float32(0.0101)},
        {"order": slice(None, None, -1)},
        {"W2": slice(None, None, -1)},
    ],
    ids=str,
)
def test_another_training_does_not(task, change):
    ((name, value),) = change.items()
    value = np.ascontiguousarray(task[name][value]) if isinstance(value, slice) else value
    losses = frameworks.losses_here(task | {name: value})
    assert frameworks.largest_gap(losses, RECORDED["tensorflow"]["losses"]["eager"]) > 1e-3


def test_each_library_s_message_on_the_wrong_shape_is_there():
    torch_says, keras_says = (RECORDED[name]["mistake"]["eager"] for name in BOTH)
    assert torch_says["type"] == "RuntimeError" and "(1792x28 and 784x128)" in torch_says["text"]
    assert keras_says["type"] == "ValueError" and "Expected shape (None, 784)" in keras_says["text"]
    for name in BOTH:
        for error in RECORDED[name]["mistake"].values():
            assert "\x1b" not in error["text"] and not re.search(r'File "/', error["text"])


def test_the_message_of_pytorch_is_still_the_recorded_one(task):
    from helpers.frameworks import in_pytorch

    assert worker.mistake(in_pytorch, task, "eager") == RECORDED["pytorch"]["mistake"]["eager"]


def test_both_cores_are_compiled_and_both_fronts_are_python():
    found = RECORDED["pytorch"]["written_in"] | RECORDED["tensorflow"]["written_in"]
    assert found.keys() == {"torch", "tensorflow", "keras"}
    for name in ("torch", "tensorflow"):
        sizes = found[name]["bytes"]
        assert sizes["compiled"] > 10 * sizes["python"] > 0
        assert found[name]["largest"][0][1] == max(size for _, size in found[name]["largest"])
    assert found["keras"]["bytes"]["compiled"] == 0


def test_the_kinds_of_an_installed_package_add_up():
    found = frameworks.written_in("torch")
    assert re.fullmatch(r"torch \d+\.\d+\.\d+\S*", found["package"])
    assert found["bytes"]["compiled"] > sum(size for _, size in found["largest"][:1])
    assert found["bytes"]["python"] > 10_000_000 and found["files"]["python"] > 1000


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("libc10.so", "compiled"),
        ("libcudart.so.13", "compiled"),
        ("nn.py", "python"),
        ("Tensor.h", "headers"),
        ("LICENSE", "other"),
    ],
)
def test_a_file_s_kind(name, kind):
    from helpers.frameworks.texts import kind_of

    assert kind_of(name) == kind


def test_the_two_programs_are_parallel_and_their_lines_are_counted():
    sources = frameworks.sources()
    assert sources.keys() == set(BOTH)
    for functions in sources.values():
        assert list(functions) == ["network", "training_step"]
        assert all(5 < frameworks.code_lines(text) < 15 for text in functions.values())
    text = 'def f(x):\n    """Two\n    lines."""\n\n    # a comment\n    return (\n        x  # x\n'
    text += "    )\n"
    assert frameworks.code_lines(text) == 4


def test_looking_for_tensorflow_imports_neither_library():
    code = "import sys; from helpers import frameworks; import helpers.frameworks.worker;"
    code += "frameworks.sources(); from helpers.frameworks.texts import is_installed;"
    code += "is_installed('tensorflow'); print({'torch', 'tensorflow', 'keras'} & {*sys.modules})"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert printed.stdout.strip() == "set()" and not printed.stderr


def test_without_tensorflow_one_line_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setattr(comparison, "is_installed", lambda module: False)
    assert not frameworks.available()
    with pytest.raises(
        ModuleNotFoundError, match="not installed here; run `make compare`"
    ) as error:
        frameworks.measure()
    assert one_line(str(error.value))
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("helpers.frameworks", run_name="__main__")
    assert ended.value.code == 2 and one_line(capsys.readouterr().err)


def test_a_process_that_ends_is_one_line(tmp_path):
    with pytest.raises(
        RuntimeError, match=r"in_nothing ended with exit code 1: .*No module"
    ) as error:
        Worker("in_nothing", "task.npz", tmp_path).__enter__()
    assert one_line(str(error.value))


def test_a_process_that_is_killed_is_one_line(task, tmp_path):
    np.savez(tmp_path / "task.npz", **task)
    with Worker("in_pytorch", tmp_path / "task.npz", tmp_path) as process:
        assert process.ask(do="losses", way="nothing")["failed"] == "KeyError: 'nothing'"
        os.kill(process.process.pid, signal.SIGKILL)
        with pytest.raises(RuntimeError, match="in_pytorch ended with SIGKILL: it said nothing"):
            process.ask(do="versions")


def test_a_compiler_that_is_missing_is_said_in_a_line(task):
    def broken(step):
        raise OSError("\n  No working C++ compiler found\n\nlong explanation")

    from helpers.frameworks import in_pytorch

    parts = vars(in_pytorch) | {"WAYS": {"compiled": {"step": broken}}}
    answer = worker.answer(SimpleNamespace(**parts), task, {}, do="losses", way="compiled")
    assert answer == {"failed": "OSError: No working C++ compiler found"}


def test_measure_and_record_with_pytorch_in_both_places(monkeypatch, tmp_path):
    """The machinery, where TensorFlow is not installed: both processes run in_pytorch."""
    monkeypatch.setattr(comparison, "is_installed", lambda module: True)
    monkeypatch.setattr(comparison, "PACKAGES", {"pytorch": ("torch",)})
    monkeypatch.setattr(
        comparison, "Worker", lambda program, **start: Worker("in_pytorch", **start)
    )
    ways = {name: ("eager", "loop", "nothing") for name in BOTH}
    found = comparison.measure(ways, turns=1, steps=5)
    assert found.keys() == RECORDED.keys() - {"tensorflow_core", "larger_batch"}
    assert found["gaps"] == {"eager": 0.0, "float64": 0.0} and found["task"]["steps"] == 5
    for name in BOTH:
        assert found[name].keys() == RECORDED[name].keys() - (
            {"written_in", "import_seconds"} if name == "tensorflow" else set()
        )
        assert found[name]["failed"] == {"nothing": "KeyError: 'nothing'"}
        assert found[name]["cpu_ms"].keys() == {"eager", "loop"}

    monkeypatch.setattr(comparison, "measure", lambda *args, **settings: found)
    monkeypatch.setattr(comparison, "ALL_WAYS", ways)
    comparison.record(tmp_path / "frameworks.json")
    kept = comparison.recorded(tmp_path / "frameworks.json")
    assert kept["larger_batch"]["cpu_ms"].keys() == set(BOTH)
    assert kept["pytorch"]["losses"]["eager"] == pytest.approx(
        found["pytorch"]["losses"]["eager"], abs=1e-8
    )


def test_a_library_that_cannot_train_at_all_is_one_line():
    process = SimpleNamespace(
        program="in_tensorflow", ask=lambda **request: {"failed": "OSError: x"}
    )
    with pytest.raises(RuntimeError, match=r"^helpers.frameworks.in_tensorflow: OSError: x$"):
        comparison.train(process, ("eager",))


def test_only_lists_of_numbers_are_put_on_one_line(monkeypatch, tmp_path):
    """A message keeps its blanks, also between brackets."""
    found = {name: {"losses": {"eager": [1.0, 2e-9]}, "cpu_ms": {}} for name in WAYS}
    found |= {"task": {}, "text": "[1.0,\n   2.0]"}
    monkeypatch.setattr(comparison, "measure", lambda *args, **settings: found)
    comparison.record(tmp_path / "frameworks.json")
    assert "[ 1.0, 2e-09 ]" in (tmp_path / "frameworks.json").read_text(encoding="utf-8")
    assert comparison.recorded(tmp_path / "frameworks.json")["text"] == found["text"]


@pytest.mark.skipif(not frameworks.available(), reason="TensorFlow is not installed: make compare")
def test_tensorflow_here_gives_the_losses_that_were_recorded(task, tmp_path):
    np.savez(tmp_path / "task.npz", **task)
    recorded = RECORDED["tensorflow"]
    with Worker("in_tensorflow", tmp_path / "task.npz", tmp_path) as process:
        answer = process.ask(do="losses", way="compiled")
        assert process.ask(do="mistake", way="eager")["type"] == "ValueError"
    assert frameworks.largest_gap(answer["losses"], recorded["losses"]["compiled"]) < TOLERANCE


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        importlib.import_module("helpers.frameworks").nothing  # noqa: B018
