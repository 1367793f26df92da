"""How much memory each page needs: the peak of its kernel, held to a limit.

`make outputs` measures it on the way. `python tools/memory.py [NOTEBOOK]...` measures it alone and
leaves the notebooks as they are, also on a busy machine. Both write tools/memory.json and the table
in docs/install.md; tests/test_memory.py holds the one to the limits and the other to the file.
Measured on Linux, where a kernel's own peak is read from /proc; elsewhere nothing is written.
"""

import json
import sys
import threading
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

from helpers.files import PROJECT

PEAKS, PAGE = PROJECT / "tools" / "memory.json", PROJECT / "docs" / "install.md"
# MB (of a million bytes) that a kernel may hold in memory, its resident set at its highest: with
# them a machine of 2 GB runs the series.
MOST, MOST_OF = 1400, {"05_train_mnist": 1600}


def limit(name):
    """The MB that the kernel of this page may need."""
    return MOST_OF.get(name, MOST)


def execute(path):
    """Execute a notebook: (notebook, peaks).

    The peaks are in MB: "kernel" is what the kernel's process itself held at its highest,
    "children" what all processes that it started held at once, as seen every 100 ms. There memory
    that several processes share is divided among them (PSS).
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=None,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    peaks = {"kernel": 0, "children": 0}

    def look_at_kernel(**_):
        peaks["kernel"] = peak_of(client.km.provisioner.pid)

    client.on_cell_executed = look_at_kernel
    ended = threading.Event()
    watch = threading.Thread(target=watch_children, args=(client, peaks, ended))
    watch.start()
    try:
        client.execute()
    finally:
        ended.set()
        watch.join()
    return notebook, peaks


def peak_of(pid):
    """The MB that a process has held in memory at its highest; 0 where the system can't say."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next(
        round(int(line.split()[1]) * 1024 / 1e6)
        for line in status.splitlines()
        if line.startswith("VmHWM")
    )


def watch_children(client, peaks, ended):
    """Raise peaks["children"] to what the kernel's children hold, until the page has ended."""
    while not ended.wait(0.1):
        total = 0
        try:
            for child in psutil.Process(client.km.provisioner.pid).children(recursive=True):
                total += child.memory_full_info().pss
        except (psutil.Error, AttributeError):  # it has just ended, or the kernel has not begun
            pass
        peaks["children"] = max(peaks["children"], round(total / 1e6))


def keep(found):
    """Add {name: peaks} to the file and set the table; return a line for each that is too high."""
    if not all(peaks["kernel"] for peaks in found.values()):
        return []
    known = json.loads(PEAKS.read_text(encoding="utf-8")) if PEAKS.exists() else {}
    known = dict(sorted((known | found).items()))
    PEAKS.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    begin, end = text.index("| notebook |"), text.index("\n\n", text.index("| notebook |"))
    PAGE.write_text(text[:begin] + table(known) + text[end:], encoding="utf-8")
    return too_high(found)


def too_high(peaks):
    """A line for each page whose kernel needs more than its limit."""
    return [
        f"{name}: its kernel needs {found['kernel']:,} MB, at most {limit(name):,} are allowed"
        for name, found in peaks.items()
        if found["kernel"] > limit(name)
    ]


def table(peaks):
    """The table of docs/install.md."""
    rows = {"notebook": [name[:2] for name in peaks]}
    rows["its kernel (MB)"] = [f"{found['kernel']:,}" for found in peaks.values()]
    rows["at most"] = [f"{limit(name):,}" for name in peaks]
    rows["processes that it starts"] = [f"{found['children']:,}" for found in peaks.values()]
    first, *others = (f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items())
    return "\n".join([first, "| --- " * (1 + len(peaks)) + "|", *others])


def main(paths):
    """Measure the pages; exit with 1 and say which need too much."""
    found = {}
    for path in paths:
        found[path.stem] = execute(path)[1]
        print(path.stem, found[path.stem], flush=True)
    sys.exit("\n".join(keep(found)) or 0)


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or sorted((PROJECT / "notebooks").glob("*.ipynb")))
