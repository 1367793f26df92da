"""A program as a process of its own: send a request, get an answer, or one line on what failed."""

import json
import os
import signal
import statistics
import subprocess
import sys
from pathlib import Path

from helpers.files import PROJECT

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore", "KERAS_BACKEND": "tensorflow"}
CPU_ONLY = {"CUDA_VISIBLE_DEVICES": ""}
IMPORT = "import time; s = time.process_time(); import {}; print(time.process_time() - s)"


def environment(threads, folder):
    """The variables of a process: threads, no GPU, no messages, a cache that is empty."""
    names = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
    fresh = {"TORCHINDUCTOR_CACHE_DIR": str(Path(folder, "compiled"))}
    return os.environ | {name: str(threads) for name in names} | fresh | QUIET | CPU_ONLY


class Worker:
    """`with Worker("in_pytorch", task, folder) as worker: worker.ask(do="block", way="eager")`."""

    def __init__(self, program, task, folder, threads=1):
        self.program, self.errors = program, Path(folder, f"{program}.txt")
        command = [sys.executable, "-m", f"helpers.frameworks.{program}", str(task)]
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=environment(threads, folder),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
            )

    def __enter__(self):
        try:
            self.answer()  # it is ready
        except RuntimeError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                continue
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def ask(self, **request):
        """The answer to a request, a dict. Raises RuntimeError, one line, if the process ended."""
        try:
            print(json.dumps(request), file=self.process.stdin, flush=True)
        except BrokenPipeError:
            pass  # `answer` says what happened
        return self.answer()

    def answer(self):
        """The next line that is an answer; what a library prints in between is passed over."""
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        code = self.process.wait()
        how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        said = self.errors.read_text(encoding="utf-8", errors="replace").split("\n")
        said = [line.strip() for line in said if line.strip()] or ["it said nothing"]
        raise RuntimeError(f"helpers.frameworks.{self.program} ended with {how}: {said[-1]}")


def import_seconds(module, folder, turns):
    """Median CPU seconds that a fresh Python takes to import a module."""
    command = [sys.executable, "-c", IMPORT.format(module)]
    settings = {"capture_output": True, "text": True, "check": True}
    settings |= {"env": environment(1, folder), "cwd": folder}
    found = [float(subprocess.run(command, **settings).stdout) for _ in range(turns)]
    return statistics.median(found)
