"""What stands under a picture that was a widget: what to try, and frames to move through if any."""

import json
from html import escape
from pathlib import Path

FRAMES = Path(__file__).with_name("frames")


def is_style(output):
    """Is it the style that hides a widget's picture while the widget lives?"""
    return "".join(output.get("data", {}).get("text/html", "")).startswith('<style class="still"')


def touch(page, cell, goal, words):
    """The cell that follows a widget's picture."""
    slide, elsewhere = slider(page, cell, words), words["still"]
    if slide:
        elsewhere = words["others"]
    parts = [":::{container} touch", f"**{words['touch']}** {goal}", slide, elsewhere, ":::"]
    source = "\n\n".join(part for part in parts if part)
    return {"cell_type": "markdown", "id": f"{cell}-touch", "metadata": {}, "source": source}


def slider(page, cell, words):
    """A slider over the frames that tools/frames.py made for this cell, or ""; frames.js moves it.

    It is hidden until that script runs.
    """
    listing = FRAMES / page / "frames.json"
    made = json.loads(listing.read_text(encoding="utf-8")) if listing.exists() else {"cell": ""}
    if made["cell"] != cell:
        return ""
    frames = made["frames"]
    data = escape(json.dumps(frames, ensure_ascii=False))
    settings = f'min="0" max="{len(frames) - 1}" value="{len(frames) // 2}"'
    return f"""<div class="slide" data-path="../_frames/{page}/" data-frames="{data}" hidden>
<label>{words["slides"][page]}: <output></output><input type="range" {settings}></label>
</div>"""
