"""A Jupyter server of its own, and a real browser that looks at it: Chromium, without a window and without a way into the network."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
DRIVER = shutil.which("chromedriver")
MISSING = "" if CHROMIUM and DRIVER else "no browser to drive here: sudo apt-get install -y chromium chromium-driver"
PATIENCE_SECONDS, A_MOMENT_SECONDS = 120, 10
NOT_YET = (WebDriverException, IndexError)
TOKEN = "token"
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
# Nothing is asked for outside. All cells of a notebook are in the page, also those out of sight: what is looked for is then there.
LAB_SETTINGS = {
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
}


class Server:
    """JupyterLab in a folder, on a free port, with nothing of the user's configuration. `url` ends with a slash."""

    def __init__(self, folder: Path, path: str = ""):
        """path: what students and staff have as PYTHONPATH."""
        self._own = Path(tempfile.mkdtemp(prefix="jupyter-"))
        for name, settings in LAB_SETTINGS.items():
            target = self._own / "settings" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(json.dumps(settings))
        folders = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime", "IPYTHONDIR": "ipython",
                   "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces", "HOME": "home"}  # fmt: skip
        environment = {**os.environ, **{variable: str(self._own / name) for variable, name in folders.items()}}
        environment |= {"JUPYTER_TOKEN": TOKEN, "JUPYTER_PREFER_ENV_PATH": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": path}
        environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1"]
        self._log = open(self._own / "log.txt", "wb")  # noqa: SIM115 - as long as the server
        self._process = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, stdout=self._log, stderr=self._log)
        self.url = self._announced()

    def _announced(self) -> str:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            for found in (self._own / "runtime").glob("jpserver-*.json"):
                with suppress(ValueError):  # it is being written
                    return json.loads(found.read_text())["url"]
            time.sleep(0.1)
        words = self.log()
        self.close()
        raise AssertionError(f"JupyterLab does not start: {words[-2000:]}")

    def log(self) -> str:
        return (self._own / "log.txt").read_text(errors="replace")

    def close(self) -> None:
        """Ends the server, and with it the kernels."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=20)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._log.close()
        shutil.rmtree(self._own, ignore_errors=True)


class Browser:
    """A page of Chromium. Every method waits until there is what it names, and says what it waited for in vain."""

    def __init__(self, width: int = 1280, height: int = 1000):
        self._home = tempfile.mkdtemp(prefix="chromium-")
        options = ChromeOptions()
        options.binary_location = str(CHROMIUM)
        own = [f"--user-data-dir={self._home}/profile", f"--window-size={width},{height}", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en-US", *own):
            options.add_argument(argument)
        self.driver = Chrome(options, ChromeService(DRIVER, env={**os.environ, "HOME": self._home}))

    def close(self) -> None:
        self.driver.quit()
        shutil.rmtree(self._home, ignore_errors=True)

    def open(self, url: str) -> None:
        self.driver.get(url)

    def until(self, what: str, condition: Callable[[], Any]) -> Any:
        """The first true value of the condition. What vanishes while it is looked at is looked for again."""
        wait = WebDriverWait(self.driver, PATIENCE_SECONDS, 0.1, NOT_YET)
        try:
            return wait.until(lambda _: condition())
        except TimeoutException as error:
            picture = Path(tempfile.mkdtemp(prefix="waited-in-vain-")) / "page.png"
            self.driver.save_screenshot(str(picture))
            page = self.driver.find_element(By.TAG_NAME, "body").text
            raise AssertionError(f"waited in vain for {what}; the page, in {picture}, says: {page[:3000]}") from error

    def soon(self, condition: Callable[[], bool]) -> bool:
        """Whether it holds within a moment."""
        try:
            return WebDriverWait(self.driver, A_MOMENT_SECONDS, 0.1, NOT_YET).until(lambda _: condition())
        except TimeoutException:
            return False

    def all(self, selector: str, text: str = "", within: WebElement | None = None) -> list[WebElement]:
        """What there is now: the elements whose text holds `text`, seen or not."""
        script = "return [...(arguments[0] || document).querySelectorAll(arguments[1])].filter(element => element.textContent.includes(arguments[2]))"
        return self.driver.execute_script(script, within, selector, text)

    def one(self, selector: str, text: str = "", within: WebElement | None = None) -> WebElement:
        return self.until(f"{selector} {text}", lambda: self.all(selector, text, within))[0]

    def click(self, selector: str, text: str = "") -> None:
        def clicked() -> bool:
            for element in self.all(selector, text):
                if element.is_displayed() and element.is_enabled():
                    self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
                    element.click()
                    return True
            return False

        self.until(f"{selector} {text}, to click", clicked)

    def press(self, *keys: str) -> None:
        """Keys held together, for whatever has the focus."""
        chain = ActionChains(self.driver)
        for key in keys[:-1]:
            chain.key_down(key)
        chain.send_keys(keys[-1])
        for key in keys[:-1]:
            chain.key_up(key)
        chain.perform()

    def type(self, text: str) -> None:
        ActionChains(self.driver).send_keys(text).perform()


class Notebook:
    """A notebook that is open in JupyterLab, as somebody uses it who clicks and types. Cells are found by a piece of their text."""

    def __init__(self, browser: Browser, server: Server, path: str):
        self.browser = browser
        browser.open(f"{server.url}lab/tree/{path}?token={TOKEN}")
        browser.until("an idle kernel", lambda: browser.all(f"{PANEL} .jp-Notebook-ExecutionIndicator[data-status='idle']"))

    def cell(self, text: str) -> WebElement:
        """The first code cell with this text, as it is now."""
        return self.browser.all(f"{PANEL} .jp-CodeCell", text)[0]

    def enter(self, text: str) -> None:
        """Puts the cursor into a cell."""

        def entered() -> bool:
            cell = self.cell(text)
            self.browser.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", cell)
            self.browser.all(".cm-line", within=cell)[0].click()
            return "jp-mod-active" in (cell.get_attribute("class") or "") and bool(self.browser.all(".cm-focused", within=cell))

        self.browser.until(f"the cursor to be in the cell with {text!r}", entered)

    def replace_end(self, text: str, old: str, new: str) -> None:
        """Rubs out the characters that a cell ends with and writes others."""
        self.enter(text)
        self.browser.press(Keys.CONTROL, Keys.END)
        self.browser.type(Keys.BACKSPACE * len(old) + new)

    def run(self, text: str, says: str = "") -> str:
        """Runs a cell and waits until it has run and has put out these words. Returns all that it put out, on one line."""
        self._begin(text, text, lambda: self.browser.press(Keys.SHIFT, Keys.ENTER))
        self.browser.until(f"the cell with {text!r} to say {says!r}", lambda: says in self.output(text))
        return self.output(text)

    def run_above(self, text: str, last: str) -> None:
        """Runs all cells above one, by the menu; `last` is the last code cell of them."""

        def choose() -> None:
            self.browser.click(".lm-MenuBar-itemLabel", "Run")
            self.browser.click(".lm-Menu-itemLabel", "Run All Above Selected Cell")

        self._begin(text, last, choose)

    def _begin(self, text: str, last: str, action: Callable[[], None]) -> None:
        """Does with a cell what makes the cell `last` run, again if need be: JupyterLab says that a kernel is idle a moment before it can be used."""
        before = self.counter(last)

        def begun() -> bool:
            self.enter(text)
            action()
            return self.browser.soon(lambda: self.counter(last) != before)

        self.browser.until(f"the cell with {last!r} to begin", begun)
        self.browser.until(f"the cell with {last!r} to run", lambda: self.counter(last)[1:-2].isdigit())

    def output(self, text: str) -> str:
        """What a cell has put out by now, on one line."""
        return " ".join(self._part(text, ".jp-Cell-outputWrapper").text.split())

    def counter(self, text: str) -> str:
        """What stands before a cell: [3]:, or [*]: while it runs."""
        return self.browser.until(f"the cell with {text!r}", lambda: self._part(text, ".jp-InputPrompt").get_property("textContent"))

    def _part(self, text: str, selector: str) -> WebElement:
        return self.browser.all(selector, within=self.cell(text))[0]


@contextmanager
def opened(something: Server | Browser) -> Iterator[Any]:
    try:
        yield something
    finally:
        something.close()
