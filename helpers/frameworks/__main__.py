"""Measure PyTorch against TensorFlow and write data/frameworks.json: `make compare`.

Exit codes: 0 written, 2 TensorFlow is missing or a process failed; then nothing is written.
"""

import sys

from helpers.frameworks import record
from helpers.frameworks.comparison import RECORD


def main():
    """Record, then print the times."""
    print("Measuring for some minutes; other work on this machine slows both down.", flush=True)
    try:
        found = record()
    except (ImportError, RuntimeError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    for name in ("pytorch", "tensorflow", "tensorflow_core"):
        for way, times in found[name]["cpu_ms"].items():
            print(f"{name:16}{way:16}{times['median']:8.3f} CPU ms a step")
        for way, line in found[name]["failed"].items():
            print(f"{name:16}{way:16}{line}")
    print(f"largest gap of the losses: {found['gaps']}")
    print(RECORD)


if __name__ == "__main__":
    main()
