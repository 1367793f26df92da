"""What `python -m helpers.exercises` does with each notebook: read it, run it, return statuses.

A copy of a page runs in a process of its own, but only its imports, its parameters and its
exercises: an answer that uses what another cell defines counts as wrong.
"""

import importlib
import json
import multiprocessing
import os
import re
import threading

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from helpers.files import PROJECT

PAGES = {path.stem[3:]: path.stem for path in (PROJECT / "notebooks").glob("[0-9][0-9]_*.ipynb")}
OTHER = "other files"
IMPORTS = re.compile(r"^from helpers\.exercises import (\w+)", re.MULTILINE)


def checkers(page):
    """{name: checker} of a page's exercises, in the page's order."""
    if page == OTHER:
        return {}
    module = importlib.import_module(f"helpers.exercises.{page[3:]}")
    return {name: value for name, value in vars(module).items() if hasattr(value, "__wrapped__")}


def read(path):
    """Return the page that this file is a copy of, and [(exercise, source)] of its cells to run.

    The exercise of imports and parameters is "". For any other file return OTHER and the reason.
    """
    try:
        cells = [
            ("".join(cell["source"]), cell["metadata"].get("tags", []))
            for cell in json.loads(path.read_text("utf-8"))["cells"]
            if cell["cell_type"] == "code"
        ]
    except Exception:  # whatever a file of this name may hold
        return OTHER, "cannot be read"
    topics = [match[1] for source, _ in cells if (match := IMPORTS.search(source))]
    if not topics or topics[0] not in PAGES:
        return OTHER, "not a page of this series"
    page, kept = PAGES[topics[0]], []
    names = "|".join(checkers(page))
    for source, tags in cells:
        tagged, call = rf"^(?:def |check\.)?({names})\b", rf"^check\.({names})\(\1\)"
        if IMPORTS.search(source) or "parameters" in tags:
            kept.append(("", source))
        elif match := re.search(tagged if "exercise" in tags else call, source, re.MULTILINE):
            kept.append((match[1], source))
    return page, kept


def grade(page, cells, seconds):
    """Return {exercise: status}, or {"": reason} if there are no statuses."""
    if page == OTHER:
        return {"": cells}
    spawn = multiprocessing.get_context("spawn")
    receiver, sender = spawn.Pipe(duplex=False)
    child = spawn.Process(target=run, args=(page, cells, seconds, sender))
    child.start()
    sender.close()
    try:
        if receiver.poll(seconds):
            return receiver.recv()
        return {"": f"took longer than {seconds} s"}
    except EOFError:
        return {"": "ended before its verdicts"}
    finally:
        child.kill()
        child.join()


def run(page, cells, seconds, sender):
    """Send what `grade` returns. What the cells print is dropped."""
    threading.Timer(seconds, os._exit, [1]).start()  # an endless loop doesn't outlive its grader
    dropped = os.open(os.devnull, os.O_WRONLY)
    os.dup2(dropped, 1)
    os.dup2(dropped, 2)
    os.environ["MPLBACKEND"] = "agg"  # figures open no windows
    checks = checkers(page)
    statuses = dict.fromkeys(checks, "not attempted")
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    for exercise, source in cells:
        done = shell.run_cell(source)  # an error stops the cell; what it has defined counts
        if exercise:
            statuses[exercise] = checks[exercise](shell.user_ns.get(exercise)).status
        elif not done.success:
            statuses = {"": "its imports or parameters raise an error"}
            break
    sender.send(statuses)
