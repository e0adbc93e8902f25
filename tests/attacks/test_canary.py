"""A secret word in hidden tests and reference: no byte of it in anything that nbgrader files, shows or logs, whatever a submission does to find it."""

import shutil
from pathlib import Path

import pytest

from tests.attacks.conftest import CANARY
from tests.attacks.suite import ATTACKS, Attack
from tests.engine.class_folder import NAME, ClassFolder
from tests.engine.conftest import answered, built  # noqa: F401 - the tiny course of the engine's tests

# The attacks that look for secrets or quote what they find, on another exercise: `softmax` there is `relu` here.
SEEKERS = [attack for attack in ATTACKS if attack.number in (1, 2) and attack.exercise == "softmax"]


@pytest.fixture(scope="module")
def folder(built, answered, tmp_path_factory) -> ClassFolder:  # noqa: F811
    folder = ClassFolder(tmp_path_factory.mktemp("canary") / "course")
    shutil.copytree(built.root, folder.root)
    for path in (hidden_test(folder.root), folder.root / "solutions" / NAME / "tiny.py"):
        text = path.read_text().replace("X = torch.randn", f'hidden = "{CANARY}-in-a-local"; X = torch.randn')
        path.write_text(f'{text}\nHIDDEN = "{CANARY}-in-a-global"\n')
    (folder.root / "submitted").mkdir()
    (folder.root / "secret.txt").write_text(f"{CANARY}-in-a-file")
    for number, attack in enumerate(SEEKERS):
        answer = _placed(attack, "\n".join([attack.before, attack.solution.get("softmax", "def softmax(X):\n    return X"), attack.after]), folder.root)
        folder.hand_in(f"s{number}", answered(relu=answer.replace("softmax", "relu")))
    return folder


def hidden_test(root: Path) -> Path:
    return root / "autograder" / "graders" / f"test_{NAME}.py"


def _placed(attack: Attack, source: str, root: Path) -> str:
    for place in ("hidden_test", "secret_file", "gradebook", "other_submission", "graders", "root"):
        path = {"hidden_test": hidden_test(root), "secret_file": root / "secret.txt", "graders": hidden_test(root).parent}.get(place, root)
        source = source.replace(f"@{place}@", str(path))
    assert "@" not in source.replace("@property", ""), attack.name
    return source


@pytest.mark.slow
def test_nothing_that_nbgrader_files_shows_or_logs_holds_a_byte_of_the_secret(folder: ClassFolder):
    logs = folder.nbgrader("autograde", NAME) + folder.nbgrader("generate_feedback", NAME)
    assert CANARY not in logs
    for kind, pattern in {"autograded": "*.ipynb", "feedback": "*.html", "verdicts": "*.json"}.items():
        files = list((folder.root / kind).rglob(pattern))
        assert len(files) == len(SEEKERS)
        assert [path for path in files if CANARY in path.read_text()] == []
    found = [path for path in folder.root.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes() and "__pycache__" not in path.parts]
    assert {path.name for path in found} == {f"test_{NAME}.py", "tiny.py", "secret.txt"}
