"""Sweeps: their settings, their table and picture, and two from the command line."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
import torch
from click.testing import CliRunner
from command_line import one_line

from helpers import data, sweep, training
from helpers.sweep import __main__ as command_line
from helpers.sweep import engine, picture, runs, settings, table

SMALL = ("hidden_size=8", "batch_size=512", "num_epochs=2", "valid_size=40000")


def command(*arguments):
    """Run the command line in this process: exit code, stdout and stderr."""
    done = CliRunner().invoke(command_line.main, [str(argument) for argument in arguments])
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("lr", "name=value, got 'lr'; try lr=0.01"),
        ("lr=0.1,x", "lr must be a number from 1e-06 to 10.0, got 'x'"),
        ("lr=", "lr must be a number"),
        ("lr=0:3", "lr must be a number"),
        ("lr=0.1,100", "got 100.0; try 0.001 to 0.1"),
        ("learning_rate=0.1", "did you mean lr?"),
        ("optimizer=adm", "did you mean 'adam'?"),
        ("seed=5:0", "means the five integers from 0 to 4"),
        ("seed=0:x", "means the five integers from 0 to 4"),
        ("seed=0:1000000", "at most 100000 values"),
        ("seed=0 seed=1", "put all its values into one"),
        ("lr=0.1,0.2 seed=0:90000", "at most 100000 runs, got 180000"),
        ("run_dir=elsewhere", "give it as --run-dir"),
        ("live=True", "draws when it has ended"),
        ("device=gpu", "one of auto, cpu, cuda"),
        ("seed=0 --workers 2 --scheduler tcp://there:8786", "exclude each other"),
        ("seed=0 --scheduler there", "an address, got 'there'"),
        ("seed=0 --run-dir notebooks", "outside of the project's own"),
        ("seed=0 --run-dir=", "run_dir must be a folder's name, got ''"),
        ("seed=0 --run-dir /dev/null/x", "a folder that can be made"),
    ],
)
def test_a_wrong_command_is_one_line_and_starts_nothing(wrong, message, tmp_path, monkeypatch):
    monkeypatch.delattr(engine, "connect")
    run_dir = [] if "--run-dir" in wrong else ["--run-dir", tmp_path / "runs"]
    code, out, err = command(*wrong.split(), *run_dir)
    lines = [line for line in err.splitlines() if not line.startswith("1 run in")]
    assert code == 2 and not out and message in err and one_line("\n".join(lines))
    assert not (tmp_path / "runs").exists()


def test_without_arguments_it_says_how():
    code, out, err = command()
    assert code == 2 and "NAME=VALUE" in out + err and "--run-dir" in out + err


def test_a_silent_scheduler_is_one_line(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError("Timed out")

    monkeypatch.setattr("distributed.Client", refuse)
    code, out, err = command("seed=0", "--run-dir", tmp_path, "--scheduler", "127.0.0.1:9")
    assert code == 2 and not out and err.endswith("start one with `dask scheduler`\n")


def test_settings_are_spelt_out_in_their_types():
    found = sweep.read_settings(["seed=0:3,7", "lr=1,0.1,0.10", "optimizer=sgd, adam"])
    assert found == {"seed": [0, 1, 2, 7], "lr": [1.0, 0.1], "optimizer": ["sgd", "adam"]}
    assert sweep.read_settings(["data_dir=a,b"]) == {"data_dir": ["a,b"]}


def test_every_setting_comes_with_the_first_seed_before_any_with_the_second():
    found = sweep.grid(seed=[0, 1], lr=[0.1, 0.2], optimizer=["sgd", "adam"])
    assert [run["seed"] for run in found] == [0] * 4 + [1] * 4
    assert [(run["optimizer"], run["lr"]) for run in found[:4]] == [
        ("sgd", 0.1),
        ("sgd", 0.2),
        ("adam", 0.1),
        ("adam", 0.2),
    ]


def test_a_run_s_folder_is_named_by_its_settings(tmp_path):
    given = [{"seed": 1, "lr": 0.1}, {"lr": 0.3, "data_dir": "somewhere"}]
    configs = settings.make_configs(given, tmp_path)
    assert [*configs] == ["lr=0.1,seed=1", "lr=0.3"]
    assert configs["lr=0.3"].run_dir == str(tmp_path / "lr=0.3")
    assert configs["lr=0.3"].data_dir.endswith("somewhere") and configs["lr=0.3"].data_dir[0] != "s"
    with pytest.raises(ValueError, match="twice"):
        settings.make_configs([{"lr": 0.1}, {"lr": 0.1}], tmp_path)
    with pytest.raises(ValueError, match="did you mean lr"):
        settings.make_configs([{"learning_rate": 0.1}], tmp_path)


def rows_of(accuracies):
    """Rows of a sweep with {(optimizer, lr): accuracies}; None stands for a run that diverged."""
    return [
        {"run": "", "optimizer": optimizer, "lr": lr, "seed": seed, **dict.fromkeys(runs.RESULTS)}
        | {"valid_accuracy": accuracy, "state": "diverged" if accuracy is None else "finished"}
        for (optimizer, lr), found in accuracies.items()
        for seed, accuracy in enumerate(found)
    ]


FOUND = {("sgd", 0.01): [0.5, 0.7], ("sgd", 0.1): [0.8, 0.9], ("adam", 0.01): [0.95, None]}


def test_a_table_is_read_as_it_was_written(tmp_path):
    rows = rows_of(FOUND)
    rows[0]["reason"], rows[1]["valid_loss"] = 'of "two", parts', 0.1 + 0.2
    sweep.write_table(rows, tmp_path / "sweep.csv")
    found = sweep.read_table(tmp_path / "sweep.csv")
    assert found == [row | {"reason": row["reason"] or ""} for row in rows]


def test_a_setting_of_which_a_run_diverged_is_not_the_best():
    summary = table.summarise(rows_of(FOUND), ["optimizer", "lr", "seed"])
    assert summary[("optimizer", "adam"), ("lr", 0.01)] == [0.95, None]
    assert table.best_of(summary) == ((("optimizer", "sgd"), ("lr", 0.1)), [0.8, 0.9])
    assert table.best_of({(): [None]}) is None


def test_the_picture_has_means_bands_and_crosses():
    figure = sweep.draw_sweep(rows_of(FOUND), ["optimizer", "lr", "seed"])
    (ax,) = figure.axes
    assert "optimizer sgd, lr 0.1: 85.0% right, mean of 2" in figure.get_suptitle()
    assert ax.lines[0].get_ydata() == pytest.approx([60, 85]) and ax.get_xscale() == "log"
    band = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == pytest.approx((50, 90))
    crosses = [line for line in ax.lines if line.get_marker() == "x" and len(line.get_xdata())]
    assert [list(line.get_xdata()) for line in crosses] == [[0.01]]
    assert "60.0 at 0.01, 85.0 at 0.1" in ax.get_label() and "1 with failures" in ax.get_label()


def test_the_picture_of_many_lines_has_panels_and_that_of_names_has_ticks():
    many = {(f"kind{i}", lr): [0.5 + i / 100] for i in range(7) for lr in (0.1, 0.2)}
    figure = sweep.draw_sweep(rows_of(many), ["optimizer", "lr", "seed"])
    assert [len(ax.get_legend().get_texts()) for ax in figure.axes] == [4, 3]
    names = {(name, 0.1): [0.5, 0.6] for name in ("sgd", "adam")}
    (ax,) = sweep.draw_sweep(rows_of(names), ["optimizer", "lr", "seed"]).axes
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["adam", "sgd"]
    (ax,) = sweep.draw_sweep(rows_of({("sgd", 0.1): [0.5, 0.6]}), ["lr", "seed"]).axes
    assert list(ax.lines[0].get_ydata()) == pytest.approx([55])
    assert sweep.draw_sweep(rows_of({("sgd", 0.1): [None]}), ["lr", "seed"]) is None


def test_the_picture_of_random_settings_has_a_dot_for_each(tmp_path):
    found = {(f"kind{i}", 10**-i): [0.5 + i / 100] for i in range(40)}
    rows = rows_of(found)
    picture.save_picture(rows, ["optimizer", "lr"], tmp_path)
    (ax,) = sweep.draw_sweep(rows, ["optimizer", "lr"]).axes
    assert len(ax.lines[0].get_xdata()) == 40 and ax.lines[0].get_linestyle() == "None"
    assert (tmp_path / "sweep.png").exists()


def test_a_sweep_trains_what_fit_trains_and_repeats_nothing(tmp_path):
    """Its weights are those of a plain `fit`, and a run that diverges is a row with its reason."""
    arguments = *SMALL, "lr=0.1,10", "weight_decay=0,1", "seed=3", "--run-dir", tmp_path
    code, out, err = command(*arguments, "--workers", 2)
    assert code == 1 and "3 finished, 1 diverged" in out and "highest mean: lr" in out
    assert "dashboard: http://127.0.0.1:" in err and "4/4" in err
    rows = sweep.read_table(tmp_path / "sweep.csv")
    bad = [row for row in rows if (row["lr"], row["weight_decay"]) == (10, 1)]
    assert [row["state"] for row in rows if row not in bad] == ["finished"] * 3
    assert bad[0]["state"] == "diverged" and "try lr 1" in bad[0]["reason"]
    assert (tmp_path / "sweep.png").stat().st_size > 10_000

    row = next(row for row in rows if (row["lr"], row["weight_decay"]) == (0.1, 0))
    folder = tmp_path / row["run"]
    assert sorted(path.name for path in folder.iterdir()) == [".lock", "metrics.json", "model.pt"]
    config, model = training.load_trained(folder)
    train_loader, valid_loader, _ = data.make_loaders(*data.load_mnist(), config)
    mine = training.make_model(config)
    optimizer = training.make_optimizer(mine, config)
    history = training.fit(mine, optimizer, train_loader, valid_loader, config)
    assert history.valid_losses[history.best_epoch - 1] == row["valid_loss"]
    assert all(map(torch.equal, mine.state_dict().values(), model.state_dict().values()))

    written = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("m*")}
    again, out_again, err = command(*arguments)
    assert (again, out_again) == (code, out) and "4 of 4 runs had ended before" in err
    assert written == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("m*")}
    assert sweep.read_table(tmp_path / "sweep.csv") == rows

    changed = [text.replace("num_epochs=2", "num_epochs=3") for text in map(str, arguments)]
    (tmp_path / row["run"]).rename(tmp_path / row["run"].replace("epochs=2", "epochs=3"))
    code, _, err = command(*changed)
    assert code == 2 and "belongs to a run with num_epochs 2, not 3; choose another" in err


def test_a_run_that_fails_is_a_row_with_its_reason(tmp_path):
    """It is tried again by the same command, the others are not."""
    config = settings.make_configs([{"lr": 0.1, "data_dir": str(tmp_path)}], tmp_path)["lr=0.1"]
    result = runs.train_one(vars(config))
    assert result["state"] == "failed" and result["valid_accuracy"] is None
    assert "FileNotFoundError" in result["reason"] and one_line(result["reason"])
    assert runs.result_of_finished(config) is None


@pytest.mark.parametrize("damage", ["{", "{}", '{"state": 3}', "[]"])
def test_a_damaged_result_is_an_error_before_anything_starts(tmp_path, damage):
    (tmp_path / "lr=0.1").mkdir()
    (tmp_path / "lr=0.1" / "metrics.json").write_text(damage, encoding="utf-8")
    code, _, err = command("lr=0.1", "--run-dir", tmp_path)
    assert code == 2 and "move it aside" in err and one_line(err.splitlines()[-1])


def test_two_sweeps_don_t_share_a_folder(tmp_path):
    with training.run_folder.lock(tmp_path, ".sweep.lock"):
        code, _, err = command("lr=0.1", "--run-dir", tmp_path)
    assert code == 2 and "in use by another run" in err


def test_it_says_so_if_there_is_no_worker_yet(capsys):
    waited = []
    client = SimpleNamespace(
        scheduler_info=lambda n_workers: {"workers": {}},
        scheduler=SimpleNamespace(address="tcp://there:8786"),
        wait_for_workers=waited.append,
    )
    engine.await_workers(client, progress=True)
    assert waited == [1]
    assert "dask worker tcp://there:8786 --nthreads 1" in capsys.readouterr().err


def test_without_dask_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, _, err = command("seed=0", "--run-dir", tmp_path)
    assert code == 2 and "make setup" in err and one_line(err.splitlines()[-1])


def test_a_worker_loads_neither_plots_nor_dask_nor_papermill():
    code = "import sys; import helpers.sweep.runs, helpers.ddp_train; print(*sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    loaded = printed.stdout.split()
    assert "helpers.sweep.runs" in loaded and not printed.stderr
    assert not {"matplotlib", "distributed", "papermill", "nbformat"} & {*loaded}
