"""Nothing of a notebook is lost on its page, links lead on, nothing is loaded from elsewhere."""

import functools
import re
import subprocess
import zipfile

import pytest
from bs4 import BeautifulSoup
from stored_notebooks import NOTEBOOKS, ROOT, code_cells, markdown_cells

OWN = "https://www.sphinx-doc.org/", "https://pradyunsg.me", "https://github.com/pradyunsg/furo"


@functools.cache
def parse(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(params=NOTEBOOKS)
def name(request):
    return request.param


@pytest.fixture
def article(site, name):
    """What stands between a page's menus."""
    return parse(site / "notebooks" / f"{name}.html").article


def stored_pictures(name):
    outputs = [output for cell in code_cells(NOTEBOOKS[name]) for output in cell.outputs]
    return [output for output in outputs if "image/png" in output.get("data", {})]


def test_every_picture_has_the_notebook_s_alt_text(article, name):
    alts = [output.metadata["image/png"]["alt"] for output in stored_pictures(name)]
    assert alts and [image["alt"] for image in article.find_all("img")] == alts


def test_a_hidden_cell_is_closed_and_named_by_its_first_line(article, name):
    hidden = [c for c in code_cells(NOTEBOOKS[name]) if c.metadata.get("jupyter")]
    folds = article.select("details.fold")
    lines = [cell.source.splitlines()[0][2:].replace("`", "") for cell in hidden]
    assert lines and [fold.summary.get_text() for fold in folds] == lines
    for fold, cell in zip(folds, hidden, strict=True):
        assert fold.pre.get_text().strip() == cell.source.strip()
        assert not fold.select(".cell_output"), "what it printed stays in sight"
    assert not [part for part in article.find_all("details") if part.has_attr("open")]


def test_solutions_stay_folded(article, name):
    written = sum(cell.source.count("<details>") for cell in markdown_cells(NOTEBOOKS[name]))
    assert written and len(article.select("details:not(.fold):not(.run)")) == written


def test_all_code_and_all_that_it_printed_is_there(article, name):
    cells = code_cells(NOTEBOOKS[name])
    sources = [pre.get_text().strip() for pre in article.select(".cell_input pre")]
    assert sources == [cell.source.strip() for cell in cells]
    printed = "".join(o.text for c in cells for o in c.outputs if o.output_type == "stream")
    shown = "".join(pre.get_text() for pre in article.select(".output.stream pre"))
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", printed)


def test_all_formulas_are_there(article, name):
    texts = [
        re.sub(r"```.*?```|`[^`]*`", "", c.source, flags=re.S)
        for c in NOTEBOOKS[name].cells
        if c.cell_type == "markdown"
    ]
    formula = r"\$\$.+?\$\$|(?<!\\)\$[^$]+?\$"
    written = sum(len(re.findall(formula, text, re.S)) for text in texts)
    assert len(article.select(".math")) == written


def test_a_widget_s_picture_says_what_to_try(article, name):
    code = [cell.source for cell in code_cells(NOTEBOOKS[name])]
    assert len(article.select(".touch")) == sum(s.count("widgets.explore(") for s in code) + sum(
        len(re.findall(r"widgets\.show_\w+\(", s)) for s in code
    )


def test_a_page_knows_its_place_and_gives_its_notebook_away(site, article, name):
    total, number = len(NOTEBOOKS), list(NOTEBOOKS).index(name) + 1
    place = article.select_one(".place")
    assert place.span.get_text() == f"Notebook {number} of {total}"
    assert place.pre.get_text().splitlines()[1].endswith(f"notebooks/{name}.ipynb")
    download = site / "notebooks" / place.find("a", download=True)["href"]
    assert download.read_bytes() == (ROOT / "notebooks" / f"{name}.ipynb").read_bytes()


def test_the_start_page_shows_all_notebooks_of_the_readme(site):
    cards = parse(site / "index.html").select(".card")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| \[(.+?)\]\(notebooks/(\w+)\.ipynb\)", readme)
    assert [(card.a.get_text(), card.a["href"]) for card in cards] == [
        (title, f"notebooks/{name}.html") for title, name in rows
    ]
    assert {name for _, name in rows} == set(NOTEBOOKS)
    assert all(len(card.img["alt"]) > 30 for card in cards)


def test_every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere(site):
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    assert len(texts) > len(NOTEBOOKS) + 6
    ids = {path: set(re.findall(r'\bid="([^"]+)"', text)) for path, text in texts.items()}
    sources = [path.read_text(encoding="utf-8") for path in written_here()]
    link = r"<(\w+)\b[^>]*?\s(?:href|src)=\"([^\"]*)\""
    for page, text in texts.items():
        for tag, address in set(re.findall(link, text)):
            if re.match(r"[a-z]+:|//", address):
                assert tag == "a", f"{page.name} loads {address}"
                own = address in OWN or any(address in source for source in sources)
                assert own, f"{page.name}: {address}"
                continue
            file, _, anchor = address.partition("#")
            target = (page.parent / file.partition("?")[0]).resolve() if file else page
            assert target.exists(), f"{page.name}: {address}"
            assert not anchor or anchor in ids.get(target, ()) or tag == "use", address


def written_here():
    return [
        ROOT / "README.md",
        ROOT / "data/README.md",
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("notebooks/*.ipynb"),
    ]


def test_styles_load_nothing_from_elsewhere(site):
    for path in site.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(@import|url\()\s*['\"]?(https?:)?//", text), path.name


def test_the_archive_holds_what_is_tracked(site):
    (path,) = site.rglob("*.zip")
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    with zipfile.ZipFile(path) as archive:
        names = [name.partition("/")[2] for name in archive.namelist()]
        assert names == listing.stdout.splitlines()
