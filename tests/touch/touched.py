"""Run a page, then touch it as a reader would: python touched.py NOTEBOOK [NAME VALUE]...

Each code cell is run twice in a row, and after the page's end each `###` section is run again, in a
fork of this process: it finds what the page has left, and the next one does not notice. Prints a
JSON object: {what was tried: its error, or ""}.
"""

import ast
import asyncio
import json
import os
import signal
import sys

import nbformat
from IPython.core.interactiveshell import InteractiveShell

SECONDS = 300  # longer than any cell: one that hangs ends this process


def sections(cells):
    """{heading: its code cells}, from one `##` or `###` heading to the next; from `###` alone."""
    found, heading = {}, ""
    for cell in cells:
        if cell.cell_type == "code":
            found.setdefault(heading, []).append(cell)
        for line in cell.source.splitlines() if cell.cell_type == "markdown" else ():
            if line.startswith(("## ", "### ")):
                heading = line
    return {heading: cells for heading, cells in found.items() if heading.startswith("### ")}


def run(shell, loop, cell):
    """Run a cell as a kernel does, on a running event loop; return its error as text, or ""."""
    signal.alarm(SECONDS)
    code = shell.transform_cell(cell.source)
    result = loop.run_until_complete(shell.run_cell_async(cell.source, transformed_cell=code))
    error = result.error_before_exec or result.error_in_exec
    return f"{type(error).__name__}: {error} (in cell {cell.id})" if error else ""


def run_in_a_fork(shell, cells):
    """Run the cells in a fork; return the first error as text, or ""."""
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        with open(reading, encoding="utf-8") as pipe:
            shown = pipe.read()
        _, status = os.waitpid(child, 0)
        return shown if status == 0 else f"{shown} ended with status {status}"
    try:
        loop = asyncio.new_event_loop()  # the parent's loop shares its selector with the parent
        asyncio.set_event_loop(loop)
        errors = (run(shell, loop, cell) for cell in cells)
        with open(writing, "w", encoding="utf-8") as pipe:
            pipe.write(next((error for error in errors if error), ""))
        os._exit(0)
    finally:
        os._exit(1)


def touch(path, parameters):
    """Run the page with these parameters and try everything; return {what: error or ""}."""
    cells = nbformat.read(path, as_version=4).cells
    shell, loop, tried = InteractiveShell.instance(), asyncio.new_event_loop(), {}
    asyncio.set_event_loop(loop)
    for cell in (cell for cell in cells if cell.cell_type == "code"):
        tried[f"cell {cell.id}"] = run(shell, loop, cell)
        tried[f"cell {cell.id} twice"] = run(shell, loop, cell)
        if "parameters" in cell.metadata.get("tags", []):
            shell.user_ns.update(parameters)
    for heading, found in sections(cells).items():
        tried[f"{heading} again"] = run_in_a_fork(shell, found)
    return tried


def main():
    """Touch the page that the command line names, with all that it prints left out."""
    path, *given = sys.argv[1:]
    values = [ast.literal_eval(value) for value in given[1::2]]
    printed, sys.stdout = sys.stdout, open(os.devnull, "w", encoding="utf-8")
    tried = touch(path, dict(zip(given[::2], values, strict=True)))
    print(json.dumps(tried, indent=1, ensure_ascii=False), file=printed)


if __name__ == "__main__":
    main()
