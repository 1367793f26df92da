"""The start page, made from README: its first lines and pictures, its table as cards, its story."""

import re

from page import picture_of

TABLE = r"(?m)^\|.*\n(?:\|.*\n)+"


def make_front(readme, notebooks, words):
    """Return (markdown of the start page, {file name: bytes} of its cards' pictures)."""
    first, *rest = re.split(r"(?m)^## ", readme)
    sections = dict(part.split("\n", 1) for part in rest)
    covers, rows = {}, table(sections)
    for row in rows:
        cell = words["covers"].get(row["name"])
        row["alt"], covers[f"{row['name']}.png"] = picture_of(notebooks[row["name"]], cell)
    shown = [f"## {title}\n{sections[title]}" for title in words["sections"]]
    parts = [hero(first, rows, words), *shown, contents(rows, words)]
    text = "\n\n".join(parts)
    heading = f"## {words['series']}\n\n"
    return re.sub(TABLE, lambda _: heading + cards(rows, words), text, count=1), covers


def table(sections):
    """The rows of README's table of notebooks, as dicts."""
    row = r"(?m)^\| \[(.+?)\]\([\w/]+/(\w+)\.ipynb\) \| (.+?) \| ([\d.]+) \| (.+?) \|$"
    keys = ("title", "name", "learn", "minutes", "needs")
    found = [row_ for text in sections.values() for row_ in re.findall(row, text)]
    return [dict(zip(keys, values, strict=True)) for values in found]


def hero(first, rows, words):
    """Title, what it is, where to start, and README's pictures."""
    title, lead, *pictures = first.strip().split("\n\n")
    shots = "\n".join(shot(picture) for picture in pictures)
    begin = f"[{words['start']}]({words['notebooks']}/{rows[0]['name']}.ipynb)"
    take = f"{{download}}`{words['all']} <{words['archive']}>`"
    return f"""---
hide-toc: true
---

{title}

{{.lead}}
{lead}

:::{{container}} ways
{begin} {take}
:::

::::{{container}} shots
{shots}
::::
"""


def shot(picture):
    """A picture of README with the first part of its alt text under it."""
    alt = re.match(r"!\[([^\]:]+)", picture)[1]
    return f":::{{container}} shot\n{picture}\n\n{alt}\n:::"


def cards(rows, words):
    """A card for each notebook: a picture of it, its title, what it teaches, what it asks for."""
    return "\n".join(["::::{container} cards", *(card(row, words) for row in rows), "::::\n"])


def card(row, words):
    """One card."""
    link = f"({words['notebooks']}/{row['name']}.ipynb)"
    asks = [words["minutes"].format(**row), words["needs"].format(**row)]
    return f""":::{{container}} card
![{row["alt"]}](_covers/{row["name"]}.png)

**[{row["title"]}]{link}**

{row["learn"]}

*{" · ".join(asks)}*
:::"""


def contents(rows, words):
    """The order of the pages, for the menu at the side and for previous and next."""
    pages = [f"{row['title']} <{words['notebooks']}/{row['name']}>" for row in rows]
    parts = ((words["series"], pages), (words["beside"], words["order"]))
    return "\n".join(
        "\n".join(["```{toctree}", ":hidden:", f":caption: {name}", "", *entries, "```"])
        for name, entries in parts
    )
