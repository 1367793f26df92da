"""A widget, and above it a still picture for where no kernel runs."""

import base64

from IPython.display import display

VIEW = "application/vnd.jupyter.widget-view+json"
# Three outputs: this style, the picture, the widget. While the widget lives, its picture is hidden.
# In a reopened notebook JupyterLab puts a line about a lost model in the widget's place, with the
# class jupyter-widgets on the output itself; then that line is hidden, and the picture shows.
STYLE = """<style class="still">
.jp-OutputArea-child:has(style.still),
.jp-OutputArea-child:has(style.still) + *:has(+ * > .jp-OutputArea-output > *),
.jp-OutputArea-child:has(style.still) + * + *:has(> .jp-OutputArea-output.jupyter-widgets)
{ display: none }
</style>"""


def show_with_still(widget, still, text):
    """Display a widget; where no kernel runs, the picture `still` stands in for it, or `text`."""
    bundle = widget._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    png = base64.b64encode(still.data).decode()
    look = {"image/png": {"alt": still.alt, "width": still.width}}
    display({"text/html": STYLE, "text/plain": ""}, raw=True)
    display({"image/png": png, "text/plain": text}, metadata=look, raw=True)
    display({VIEW: bundle[VIEW]}, raw=True)
