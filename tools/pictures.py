"""Makes the four pictures of the README anew: python tools/pictures.py [student instructor ci author], into docs/pictures/.

It needs what the tests in tests/browser need, and fonts with Chinese characters and emoji (apt-get install fonts-wqy-microhei fonts-noto-color-emoji).
"""

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from nbconvert.filters import markdown2html
from PIL import Image
from rich.console import Console
from rich.text import Text
from selenium.webdriver import Keys
from selenium.webdriver.remote.webelement import WebElement

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.browsing import MISSING, TOKEN, Browser, Notebook, Server, opened
from tests.browser.class_to_mark import NAME, STUDENT, hand_in, nbgrader

FOLDER = ROOT / "docs" / "pictures"
COLUMNS = 118
STYLE = """<meta charset="utf-8"><style>
body { margin: 0; background: white; } main { padding: 16px 20px; font: 15px/1.45 "DejaVu Sans", sans-serif; color: #1f2328; }
table { border-collapse: collapse; } th, td { border: 1px solid #d0d7de; padding: 4px 10px; } blockquote { margin: 0; padding-left: 1em; color: #59636e;
border-left: 4px solid #d0d7de; } h3 { margin: 0 0 0.5em; } p { margin: 0.5em 0; } .anchor-link { display: none; }
pre { margin: 0; padding: 16px 20px; background: #1e1e1e; color: #e6e6e6; font: 14px/1.35 "DejaVu Sans Mono", monospace; width: max-content; }
td:nth-child(3) { white-space: nowrap; }
</style>"""


def student(browser: Browser, work: Path) -> None:
    """JupyterLab: the sentence about a wrong answer, and the tick under the mended one."""
    autograder("handout", "ps05_softmax_regression", "--to", str(work / "handout"))
    with opened(Server(work / "handout")) as server:
        notebook = Notebook(browser, server, "ps05_softmax_regression/softmax_regression.ipynb")
        browser.press(Keys.CONTROL, "b")  # no file browser
        notebook.run_above("def softmax(", "show_images(X_train[:20]")
        wrong = "return X.exp() / X.exp().sum()"
        notebook.replace_end("def softmax(", "raise NotImplementedError()", wrong)
        parts = []
        for old, new, says in (("", "", "✗"), (wrong, "E = (X - X.max(dim=1, keepdim=True).values).exp()\nreturn E / E.sum(dim=1, keepdim=True)", "✓")):
            notebook.replace_end("def softmax(", old, new)
            notebook.run("def softmax(")
            notebook.run("check_equal(softmax(", says)
            scroll_to(browser, notebook.cell("def softmax("), 200)
            parts.append(between(browser, notebook.cell("def softmax("), notebook.cell("check_equal(softmax("), first=not parts))
        save(stacked(*parts), "student")


def instructor(browser: Browser, work: Path) -> None:
    """formgrader: the list of exercises, a written answer and the marking scheme beside it."""
    hand_in(work)
    nbgrader(work, f"autograde {NAME}")
    with opened(Server(work, str(ROOT))) as server:
        browser.open(f"{server.url}formgrader?token={TOKEN}")
        browser.open(f"{server.url}formgrader/gradebook/{NAME}/softmax_regression")
        browser.click("#main-table a", "Submission #1")
        browser.until("the list", lambda: "to be marked" in browser.one(".exercises").text)
        browser.until("formulas", lambda: browser.all(".marking-scheme .MathJax") and not browser.all(".MathJax_Processing, .MathJax_Preview:not(:empty)"))
        browser.driver.execute_script("document.activeElement.blur()")
        top = between(browser, browser.one("nav"), browser.one(".exercises"), first=True)
        answer, scheme = browser.all(".nbgrader_cell:has(#written_shift)")[0], browser.all(".marking-scheme")[0]
        scroll_to(browser, answer, 200)
        save(stacked(top, between(browser, answer, scheme)), "instructor")


def ci(browser: Browser, work: Path) -> None:
    """The summary of a run, as GitHub shows it."""
    hand_in(work)
    folder, summary = work / "submitted" / STUDENT, work / "summary.md"
    autograder("ci", "--folder", str(folder), "--threshold", "60", "--summary", str(summary))
    show(browser, work, f"<main>{markdown2html(summary.read_text(encoding='utf-8'))}</main>")
    save(element(browser, browser.one("main")), "ci")


def author(browser: Browser, work: Path) -> None:
    """What `verify` prints."""
    command = f"autograder verify {NAME} --no-mutants"
    words = f"$ {command}\n" + autograder(*command.split()[1:], COLUMNS=str(COLUMNS))
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(Text.from_ansi(words))
    show(browser, work, console.export_html(inline_styles=True, code_format="<pre>{code}</pre>"))
    save(element(browser, browser.one("pre")), "author")


def autograder(*arguments: str, **variables: str) -> str:
    """A command of the kit; what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")} | variables
    command = [sys.executable, "-c", "from autograder.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def show(browser: Browser, work: Path, body: str) -> None:
    page = work / "page.html"
    page.write_text(STYLE + body, encoding="utf-8")
    browser.open(page.as_uri())


def scroll_to(browser: Browser, target: WebElement, room: int) -> None:
    """Until it stays there: pages scroll by themselves while they load."""
    script = """
        const [target, room] = arguments, away = Math.abs(target.getBoundingClientRect().top - room);
        target.style.scrollMarginTop = room + "px";
        target.scrollIntoView({block: "start", behavior: "instant"});
        return away < 2;
    """
    browser.until("the page to stand still", lambda: browser.driver.execute_script(script, target, room))


def screen(browser: Browser) -> Image.Image:
    return Image.open(io.BytesIO(browser.driver.get_screenshot_as_png())).convert("RGB")


def element(browser: Browser, target: WebElement) -> Image.Image:
    return Image.open(io.BytesIO(target.screenshot_as_png)).convert("RGB")


def between(browser: Browser, above: WebElement, below: WebElement, first: bool = False) -> Image.Image:
    """The strip of the window from one element's top, or the window's, to another's bottom."""
    script = "const box = arguments[0].getBoundingClientRect(); return [box.top, box.bottom]"
    top, bottom = browser.driver.execute_script(script, above)[0] - 2, browser.driver.execute_script(script, below)[1]
    picture = screen(browser)
    return picture.crop((0, 0 if first else max(0, int(top)), picture.width, min(picture.height, int(bottom))))


def stacked(*parts: Image.Image) -> Image.Image:
    whole = Image.new("RGB", (max(part.width for part in parts), sum(part.height for part in parts)), "white")
    height = 0
    for part in parts:
        whole.paste(part, (0, height))
        height += part.height
    return whole


def save(picture: Image.Image, name: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.png"
    picture.quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {picture.width}x{picture.height}, {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    if MISSING:
        sys.exit(MISSING)
    makers = {maker.__name__: maker for maker in (student, instructor, ci, author)}
    for name in sys.argv[1:] or makers:
        with tempfile.TemporaryDirectory() as work, opened(Browser(1120, 1000)) as browser:
            makers[name](browser, Path(work))


if __name__ == "__main__":
    main()
