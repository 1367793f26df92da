"""When to redraw a picture that follows a run, and where to show it."""

import time

from IPython.display import display


class Throttle:
    """Says when to draw: at most twice a second, and for at most a twentieth of all the time.

    After drawings that took `spent` seconds in all, the last one `last`, the next one is due when
    20 (spent + 2 last) seconds have passed since the beginning: then this next drawing and the
    one at the end, if they take as long as the last one, still fit in.
    """

    def __init__(self):
        self.spent, self.began = 0.0, time.perf_counter()
        self.due = self.began + 0.5

    def __call__(self):
        return time.perf_counter() >= self.due

    def __enter__(self):
        self.started = time.perf_counter()

    def __exit__(self, *_):
        last = time.perf_counter() - self.started
        self.spent += last
        self.due = max(self.started + 0.5, self.began + 20 * (self.spent + 2 * last))


class InPlace:
    """Displays an image in the cell's output, and each next one in its place."""

    def __init__(self):
        self.handle = None

    def __call__(self, image):
        if self.handle is None:
            self.handle = display(image, display_id=True)
        else:
            self.handle.update(image)
