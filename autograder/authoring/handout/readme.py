"""README.md of a hand-out: one page for students, on every system."""

from pathlib import Path

from ...grading.course import Course

TEMPLATE = Path(__file__).with_name("README.md.txt")


def readme(course: Course, names: list[str]) -> str:
    """names: the assignments that it lists, in the course's order."""
    address = course.handout_address
    text = TEMPLATE.read_text(encoding="utf-8")
    first = notebook_path(course, names[0])
    replaced = {
        "@TITLE@": course.title, "@EXAMPLE@": first, "@FETCH@": f"git clone {address.url}" if address.url else "unpack the ZIP that your course gave you",
        "@TABLE@": "\n".join(_table(course, names)),
    }  # fmt: skip
    for mark, words in replaced.items():
        text = text.replace(mark, words)
    return text


def notebook_path(course: Course, name: str) -> str:
    """Of a notebook in the hand-out."""
    return f"{name}/{course.master(name).notebook}"


def _table(course: Course, names: list[str]) -> list[str]:
    address = course.handout_address
    colab = bool(address.colab("x"))
    head = ["Assignment", *(["Colab"] if colab else []), *(["JupyterHub"] if address.url else [])]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for name in names:
        path, title = notebook_path(course, name), course.assignment(name).title.replace("|", "\\|")
        link = address.nbgitpuller(path)
        cells = [f"[{name}]({path}): {title}"]
        cells += [f"[open]({address.colab(path)})"] if colab else []
        cells += [f"[open]({link})" if course.hub_url else f"`{link}`"] if link else []
        lines.append(f"| {' | '.join(cells)} |")
    if address.url and not course.hub_url:
        lines += ["", "JupyterHub: put what stands in the last column behind the address of your hub."]
    return lines
