"""A package whose modules are imported when a name of theirs is first used (PEP 562)."""

import importlib


def names_of(package, modules):
    """Return the `__getattr__` and `__dir__` of a package: `modules` maps each name to its module.

    A name that is its module's own stands for the module. Other names raise AttributeError.
    """

    def find(name):
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = importlib.import_module(f"{package}.{modules[name]}")
        return getattr(module, name, module)

    return find, lambda: list(modules)
