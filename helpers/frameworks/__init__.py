"""PyTorch against TensorFlow: one network, one training, two libraries, two processes.

    python -m helpers.frameworks        measure both and write data/frameworks.json: `make compare`

`in_pytorch` and `in_tensorflow` are the two programs. Each runs as a process of its own, because
both libraries in one process have crashed it. `recorded` returns what was measured with
TensorFlow installed, `measure` measures it here, and `losses_here` trains PyTorch's half alone.

A module is imported when its first name is used: TensorFlow's process must not import PyTorch.
"""

from helpers.lazy import names_of

MODULES = {
    "available": "comparison",
    "measure": "comparison",
    "record": "comparison",
    "recorded": "comparison",
    "largest_gap": "comparison",
    "losses_here": "comparison",
    "fingerprint": "task",
    "make_task": "task",
    "code_lines": "texts",
    "sources": "texts",
    "written_in": "texts",
}
__all__ = list(MODULES)
__getattr__, __dir__ = names_of(__name__, MODULES)
