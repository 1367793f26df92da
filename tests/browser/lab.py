"""JupyterLab as a reader uses it: open a notebook, run cells, click, look."""

import json
import os
import urllib.request

import nbformat
from stored_notebooks import ROOT


class Lab:
    """One browser page on JupyterLab. `complaints` gathers what its console calls an error."""

    def __init__(self, page, address, token):
        self.page, self.address, self.token = page, address, token
        self.complaints = []
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def hear(self, message):
        """Note an error, and where it comes from."""
        if message.type == "error":
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")

    def open(self, name):
        """Open a notebook and wait for its kernel."""
        self.page.goto(f"{self.address}/lab/tree/notebooks/{name}?reset&token={self.token}")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        self.page.wait_for_function(
            """() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status
                     === 'idle'""",
            timeout=60_000,
        )

    def open_cell(self, code, name):
        """Open a new notebook of one cell, not yet run."""
        page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
        page.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        content = {"type": "notebook", "format": "json", "content": page}
        self.ask("PUT", f"contents/notebooks/{name}", content)
        self.open(name)

    def run_all(self):
        """Run all cells and wait; return the errors in their outputs."""
        self.page.set_default_timeout(180_000)
        self.page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
        return self.errors()

    def outputs(self):
        """The outputs of each code cell as nbformat has them, but for the pictures."""
        return self.page.evaluate(
            """() => jupyterapp.shell.currentWidget.content.model.toJSON().cells
                .filter(cell => cell.cell_type === 'code').map(cell => cell.outputs.map(output => {
                    if (output.data) delete output.data['image/png'];
                    return output;
                }))"""
        )

    def errors(self):
        """The errors in the notebook's outputs: a list of texts."""
        return self.page.evaluate(
            """() => jupyterapp.shell.currentWidget.content.model.toJSON().cells
                .flatMap(cell => cell.outputs ?? [])
                .filter(output => output.output_type === 'error')
                .map(output => `${output.ename}: ${output.evalue}`)"""
        )

    def counts(self):
        """The execution count of each code cell."""
        return self.page.evaluate(
            """() => jupyterapp.shell.currentWidget.content.model.toJSON().cells
                .filter(cell => cell.cell_type === 'code').map(cell => cell.execution_count)"""
        )

    def run(self, code):
        """Run code in the notebook's kernel, beside its cells; return the printed text.

        Raises Playwright's Error if the code fails.
        """
        return self.page.evaluate(
            """async code => {
                const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
                const future = kernel.requestExecute({code, store_history: false});
                let text = '';
                future.onIOPub = message => {
                    if (message.header.msg_type === 'stream') text += message.content.text;
                    if (message.header.msg_type === 'error') text += message.content.evalue;
                };
                const reply = await future.done;
                if (reply.content.status !== 'ok') throw new Error(text);
                return text;
            }""",
            code,
        )

    def start(self, code):
        """Run code in the kernel without waiting for it."""
        self.page.evaluate(
            """code => { jupyterapp.shell.currentWidget.sessionContext.session.kernel
                .requestExecute({code, store_history: false}); }""",
            code,
        )

    def interrupt(self):
        """Press the toolbar's stop button."""
        self.page.evaluate("() => jupyterapp.commands.execute('notebook:interrupt-kernel')")

    def picture(self, selector, name):
        """Take the picture of an element; keep it in docs/images if SCREENSHOTS is set."""
        element = self.page.locator(selector).first
        element.scroll_into_view_if_needed()
        png = element.screenshot()
        assert png.startswith(b"\x89PNG")
        if os.environ.get("SCREENSHOTS"):
            (ROOT / "docs" / "images" / name).write_bytes(png)

    def close(self):
        """Close the page, and end the server's kernels."""
        self.page.close()
        self.end_kernels()

    def end_kernels(self):
        """Shut down all kernels of the server."""
        for session in self.ask("GET", "sessions"):
            self.ask("DELETE", f"sessions/{session['id']}")

    def ask(self, method, path, content=None):
        """Ask the server's interface for programs."""
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        url = f"{self.address}/api/{path}"
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(url, body, headers, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or "[]")
