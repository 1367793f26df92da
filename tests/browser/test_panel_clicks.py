"""The training panel of notebook 05, clicked through."""

import ast
import os
import re

import pytest

# Make the panel's cell the active one, without the page's own run behind it.
CHOOSE = """() => {
    const content = jupyterapp.shell.currentWidget.content;
    const cells = content.model.sharedModel.cells;
    const place = cells.findIndex(cell => cell.source.startsWith('panel = '));
    const cell = cells[place];
    cell.source = cell.source.replace('[("this page\\'s run", history)]', '[]');
    content.activeCellIndex = place;
}"""
CONTROLS = ".widget-gridbox > *, .widget-toggle-buttons"
TEXT = "() => [...document.querySelectorAll('.widget-html')].map(e => e.innerText).join(' | ')"


@pytest.fixture(scope="module")
def page(make_lab, run_whole):
    """Notebook 05, run to its end, with the panel's cell chosen."""
    lab = make_lab()
    run_whole(lab, "05_train_mnist")
    lab.page.evaluate(CHOOSE)
    return lab


@pytest.fixture
def panel(page):
    """The notebook with a new panel."""
    run_cell(page)
    return page


def run_cell(lab):
    """Run the panel's cell, which is the active one."""
    lab.page.evaluate("() => jupyterapp.commands.execute('notebook:run-cell')")
    shown(lab, "^Ready")
    lab.page.set_default_timeout(30_000)


def button(lab, name):
    return lab.page.locator(".jupyter-button", has_text=re.compile(f"^{name}$"))


def texts(lab):
    """Message and table, as they stand in the panel."""
    return lab.page.evaluate(TEXT)


def shown(lab, wanted):
    """Wait until the panel says so."""
    test = f"wanted => new RegExp(wanted).test(({TEXT})())"
    lab.page.wait_for_function(test, arg=wanted, timeout=30_000)


def ask(lab, expression):
    return lab.run(f"print({expression})").strip()


def test_start_pause_change_the_rate_resume_stop_and_start_again(panel):
    assert button(panel, "Pause").is_disabled() and button(panel, "Stop").is_disabled()
    button(panel, "Start").click()
    shown(panel, "of the steps")
    assert button(panel, "Start").is_disabled()
    button(panel, "Pause").click()
    button(panel, "Resume").wait_for()

    steps, said = ask(panel, "panel.run.history.steps"), texts(panel)
    panel.page.wait_for_timeout(700)
    assert ask(panel, "panel.run.history.steps") == steps and texts(panel) == said

    rate = panel.page.locator(".widget-gridbox .widget-hslider", has_text="lr (").first
    rate.locator("[role=slider], .noUi-handle").first.press("ArrowRight")
    panel.page.wait_for_timeout(300)
    assert float(ask(panel, "panel.run.optimizer.param_groups[0]['lr']")) > 0.0101
    button(panel, "Resume").click()
    button(panel, "Pause").wait_for()
    shown(panel, "validation accuracy")
    assert int(ask(panel, "panel.run.history.steps")) > int(steps)

    button(panel, "Stop").click()
    shown(panel, "lr 0.01 then 0.02")
    button(panel, "Start").click()
    shown(panel, "of the steps")
    button(panel, "Stop").click()
    shown(panel, "Training stopped")
    assert ask(panel, "[history.ended for _, history in panel.runs]") == str(["interrupted"] * 2)


def test_every_control_obeys_the_keyboard_and_jupyterlab_keeps_its_cells(panel):
    values = "[control.value for control in panel.controls.values()]"
    count = "() => jupyterapp.shell.currentWidget.content.model.cells.length"
    cells, before = panel.page.evaluate(count), ast.literal_eval(ask(panel, values))
    controls = panel.page.locator(CONTROLS).all()
    for control in controls:
        if control.locator("button").count():
            control.locator("button:not(.mod-active)").last.press("Enter")
        elif control.locator("input[type=number]").count():
            control.locator("input").press("ArrowUp")
        else:
            control.locator("[role=slider], .noUi-handle").first.press("ArrowRight")
    panel.page.wait_for_timeout(500)
    after = ast.literal_eval(ask(panel, values))
    assert len(controls) == len(before)
    assert all(new != old for new, old in zip(after, before, strict=True))
    button(panel, "Start").press("Enter")
    shown(panel, "of the steps")
    button(panel, "Pause").press("Space")
    shown(panel, "^Paused")
    button(panel, "Stop").press("Enter")
    shown(panel, "Training stopped")
    button(panel, "Reset").press("Enter")
    shown(panel, "^Ready")
    assert ast.literal_eval(ask(panel, values)) == before
    assert panel.page.evaluate(count) == cells


def test_other_cells_are_served_while_it_trains(panel):
    button(panel, "Start").click()
    shown(panel, "of the steps")
    first = ask(panel, "panel.running, panel.run.history.steps")
    second = ask(panel, "panel.running, panel.run.history.steps")
    assert first.startswith("True") and second.startswith("True") and first != second


def interrupt_and_start_again(panel):
    """Press the kernel's stop button; the panel must stay usable."""
    panel.interrupt()
    panel.page.wait_for_timeout(500)
    if ask(panel, "panel.running") == "True":
        button(panel, "Stop").click()
    shown(panel, "Training stopped")
    button(panel, "Start").click()
    shown(panel, "of the steps")


def test_the_kernel_s_stop_button_leaves_the_panel_usable(panel):
    button(panel, "Start").click()
    shown(panel, "of the steps")
    interrupt_and_start_again(panel)


def test_the_kernel_s_stop_button_beside_a_waiting_cell_leaves_the_panel_usable(panel):
    button(panel, "Start").click()
    shown(panel, "of the steps")
    panel.start("import asyncio; await asyncio.sleep(60)")
    panel.page.wait_for_timeout(300)
    interrupt_and_start_again(panel)


def test_the_stop_button_during_fit_keeps_the_epochs_so_far(panel):
    panel.run("train_loader, valid_loader, _ = data.make_loaders(train_set, test_set, config)")
    panel.run("endless = replace(config, num_epochs=1000, patience=1000)")
    panel.run("model = training.make_model(endless)")
    panel.run("sgd = training.make_optimizer(model, endless)")
    panel.start("history = training.fit(model, sgd, train_loader, valid_loader, endless)")
    panel.page.wait_for_timeout(1000)
    panel.interrupt()
    assert ask(panel, "history.ended, history.steps > 0") == "interrupted True"


def test_a_failure_shows_in_the_panel(panel):
    panel.run("panel.sets = (train_set, None)")
    button(panel, "Start").click()
    shown(panel, "TypeError")
    assert ask(panel, "type(panel.run.error).__name__") == "TypeError"
    panel.run("panel.sets = (train_set, test_set)")
    button(panel, "Start").click()
    shown(panel, "of the steps")


def test_running_the_cell_again_ends_the_old_run(panel):
    button(panel, "Start").click()
    shown(panel, "of the steps")
    panel.run("old = panel")
    run_cell(panel)
    assert ask(panel, "old is panel, old.running, panel.running") == "False False False"


def test_the_panel_s_screenshot(panel):
    """Two runs to compare; with SCREENSHOTS set, the README's picture is taken again."""
    panel.run(f"panel.controls['num_epochs'].value = {6 if os.environ.get('SCREENSHOTS') else 2}")
    button(panel, "Start").click()
    shown(panel, "Training finished")
    panel.run("panel.controls['lr'].value = 0.03")
    panel.run("panel.controls['schedule'].value = 'cosine'")
    button(panel, "Start").click()
    shown(panel, "lr 0.03.*finished")
    panel.picture(".widget-vbox:has(> .widget-image)", "panel.png")
