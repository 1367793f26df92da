"""Sphinx's settings; build.py runs it, and says by the environment which language to build."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import folds  # noqa: E402
import words  # noqa: E402

language = os.environ["SITE_LANGUAGE"]
project = html_title = words.read(language)["title"]

extensions = ["myst_nb", "sphinx_copybutton"]

nb_execution_mode = "off"  # the stored outputs are what a reader shall see
nb_merge_streams = True
myst_enable_extensions = ["amsmath", "attrs_block", "colon_fence", "dollarmath"]
myst_heading_anchors = 4

mathjax_path = "mathjax/tex-chtml.js"  # build.py puts it there
mathjax3_config = {
    "options": {"enableMenu": False},  # it would load files that are not here
    "chtml": {"scale": 0.92, "displayAlign": "left", "displayIndent": "1.2em"},
}
copybutton_selector = "div.cell_input pre, article div:not(.output) > div.highlight > pre"

highlight_language = "none"  # for blocks of README and docs/ that name no language
pygments_style, pygments_dark_style = "a11y-high-contrast-light", "github-dark"

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["style.css", "front.css"]
html_js_files = [("frames.js", {"defer": "defer"})]
html_favicon = "static/icon.svg"
html_copy_source = html_use_index = False
html_show_copyright = False
html_theme_options = {
    "light_logo": "icon.svg",
    "dark_logo": "icon.svg",
    "light_css_variables": {
        "color-brand-primary": "#005f99",
        "color-brand-content": "#005f99",
        "color-brand-visited": "#005f99",
    },
    "dark_css_variables": {
        "color-brand-primary": "#6cb8ea",
        "color-brand-content": "#6cb8ea",
        "color-brand-visited": "#6cb8ea",
    },
}


def setup(app):
    """Sphinx calls this."""
    folds.register(app)
