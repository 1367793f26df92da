"""Run a notebook headless: papermill, after every parameter has been checked.

    python -m helpers.run NOTEBOOK [-p NAME VALUE]... [--run-dir DIR] [--overwrite]
    python -m helpers.run NOTEBOOK --help     prints each parameter with its default and comment

Exit codes: 0 done, 1 the run failed, 2 a wrong command or parameter (no kernel was started), 130
interrupted.
"""

import json
import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import click
import papermill
from ipykernel.kernelspec import write_kernel_spec

from helpers.config import check_run_dir
from helpers.parameters import check_parameters, read_parameters
from helpers.training.run_folder import METRICS, has_checkpoint, lock, path_in


@click.command(
    help="Run NOTEBOOK headless; a wrong parameter is an error before a kernel starts.",
    add_help_option=False,
)
@click.argument("notebook", type=click.Path(path_type=Path), required=False)
@click.option("-p", "given", nargs=2, multiple=True, metavar="NAME VALUE", help="Set a parameter.")
@click.option("--run-dir", help="Write the executed notebook and all its files to this folder.")
@click.option("--overwrite", is_flag=True, help="Replace an executed notebook in that folder.")
@click.option("--help", "wants_help", is_flag=True, help="Show this, and NOTEBOOK's parameters.")
@click.pass_context
def main(context, notebook, given, run_dir, overwrite, wants_help):
    """Check, run, report; exit with the code."""
    if wants_help:
        click.echo(context.get_help())
    elif notebook is None:
        context.fail("Missing argument 'NOTEBOOK'.")
    try:
        known = read_parameters(notebook) if notebook else {}
        if wants_help:
            show_parameters(notebook, known)
            return
        defaults = {name: default for name, (default, _) in known.items()}
        if run_dir and "run_dir" in defaults:
            given = [*given, ("run_dir", run_dir)]
        check_run_dir(run_dir or "")
        parameters = check_parameters(defaults, given)
        folder = run_dir or parameters.get("run_dir") or "runs"
        folder = make_folder(folder, notebook, overwrite)
    except ValueError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    sys.exit(execute(notebook, folder, parameters))


def show_parameters(notebook, known):
    """Print the notebook's parameters, each with its default and its comment."""
    if known:
        print(f"\nParameters of {notebook}:")
    for name, (default, comment) in known.items():
        print(f"  {f'{name} = {default!r}':26} {comment}")


def make_folder(folder, notebook, overwrite):
    """Make the run's folder. Raises ValueError if it can't be made, or if it holds the notebook."""
    folder = Path(folder).expanduser()
    if folder.resolve() == notebook.resolve().parent:
        raise ValueError(f"run_dir must not be the notebook's own folder, got {str(folder)!r}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"run_dir must be a folder that can be made, got {str(folder)!r}"
        raise ValueError(f"{what}: {error.strerror}") from None
    if (folder / notebook.name).exists() and not overwrite:
        what = f"run_dir already contains a {notebook.name}, got {str(folder)!r}"
        raise ValueError(f"{what}; choose another run_dir, or add --overwrite to replace it")
    return folder


def execute(notebook, folder, parameters):
    """Run the notebook with papermill into `folder`; report, and return the exit code.

    The executed notebook gets its name when it is done, so a failure replaces no earlier result.
    """
    failed, metrics = folder / f"{notebook.stem}.failed.ipynb", path_in(folder, METRICS)
    try:
        before = metrics.stat().st_mtime_ns if metrics.exists() else 0
        with lock(folder, f".{notebook.stem}.lock", seconds=0):
            run_papermill(notebook, failed, parameters)
            os.replace(failed, folder / notebook.name)
    except KeyboardInterrupt:
        print(f"interrupted; what is finished is in {folder}", file=sys.stderr)
        if has_checkpoint(folder):
            print(f"--run-dir {folder} goes on after the last finished epoch", file=sys.stderr)
        return 130
    except papermill.PapermillExecutionError as error:
        print(f"{error.ename}: {error.evalue}", file=sys.stderr)
        print(f"failed in cell [{error.exec_count}] of {failed}", file=sys.stderr)
        return 1
    except (ValueError, RuntimeError, OSError) as error:  # in use, kernel died, disk full
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    if metrics.exists() and metrics.stat().st_mtime_ns > before:
        report(json.loads(metrics.read_text(encoding="utf-8")), folder)
    print(f"executed notebook: {folder / notebook.name}")
    return 0


def report(metrics, folder):
    """Print what notebook 05 measured."""
    low, high = metrics["test_accuracy_interval"]
    accuracy = f"{metrics['test_accuracy']:.2%}"
    print(f"test accuracy {accuracy} (95% interval {low:.2%} to {high:.2%})")
    if metrics["resumed_at_step"] == metrics["steps"]:
        print("the run had ended before; nothing was trained")
    print(f"trained in {metrics['train_seconds']:.1f} s, all files in {folder}")


def run_papermill(notebook, output, parameters, tries=5):
    """Execute the notebook with this Python, whatever kernel it names.

    Kernels that start at one moment can pick one port: then try again.
    """
    with this_python_as_kernel() as kernel:
        how = {"parameters": parameters, "kernel_name": kernel, "language": "python"}
        for left in reversed(range(tries)):
            try:
                return papermill.execute_notebook(str(notebook), str(output), **how)
            except RuntimeError as error:
                if not left or "before replying to kernel_info" not in str(error):
                    raise


@contextmanager
def this_python_as_kernel():
    """A Jupyter kernel that runs this Python, known by its name while the block runs."""
    name, path = "helpers-run", os.environ.get("JUPYTER_PATH")
    with tempfile.TemporaryDirectory() as folder:
        write_kernel_spec(str(Path(folder, "kernels", name)))
        os.environ["JUPYTER_PATH"] = os.pathsep.join([folder, *([path] if path else [])])
        try:
            yield name
        finally:
            del os.environ["JUPYTER_PATH"]
            if path:
                os.environ["JUPYTER_PATH"] = path


if __name__ == "__main__":
    main()
