"""One line when a reader changes a parameter that the page has used already."""

from IPython import get_ipython

PLAIN = (bool, int, float, str, list)
LATEST = []


def notice_changes(**parameters):
    """Remember these values; when a later cell gives one of them another, say what to run.

    The line stands below the cell that made the change. A script, papermill or a run from top to
    bottom changes nothing after this call, and prints nothing.
    """
    shell = get_ipython()
    if shell is None:
        return
    seen = dict(parameters)

    def compare(result):
        now = {name: shell.user_ns[name] for name in seen if name in shell.user_ns}
        now = {name: value for name, value in now.items() if type(value) in PLAIN}
        changed = [
            f"{name} is now {value!r} (was {parameters[name]!r})"
            for name, value in now.items()
            if value != seen[name] and value != parameters[name]
        ]
        seen.update(now)
        if changed:
            what = "The cells below have used the old value"
            print(f"{', '.join(changed)}. {what}: choose Run > Run Selected Cell and All Below.")

    while LATEST:
        shell.events.unregister("post_run_cell", LATEST.pop())
    shell.events.register("post_run_cell", compare)
    LATEST.append(compare)
