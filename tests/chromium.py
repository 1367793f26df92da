"""A headless Chromium, if there is one."""

import shutil
from contextlib import contextmanager

PATH = shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def launch():
    """A browser of playwright's; closed before other tests need an event loop of their own."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    assert PATH, "no Chromium found, and NEED_BROWSER is set; install Debian's chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PATH, args=arguments)
        yield browser
        browser.close()
