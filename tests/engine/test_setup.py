"""What set-up says before it downloads anything."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.cli import doctor

KIT = Path(__file__).resolve().parents[2]
SCRIPT = KIT / "tools" / "before_setup.py"


@pytest.fixture
def before_setup():
    spec = importlib.util.spec_from_file_location("before_setup", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def with_free(monkeypatch, gigabytes: float) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=int(gigabytes * 1e9)))


def test_where_all_is_there_nothing_is_said(before_setup, monkeypatch, tmp_path):
    with_free(monkeypatch, 500)
    assert before_setup.place_problems(tmp_path / "a" / "folder" / ".venv") == ([], [])


def test_an_old_python_is_named_with_what_to_type(before_setup, monkeypatch, tmp_path):
    monkeypatch.setattr(before_setup, "OLDEST", (9, 9))
    stops, _ = before_setup.place_problems(tmp_path / ".venv")
    assert stops[0].startswith("Python 9.9 or newer is needed, this is 3.")
    assert "make PYTHON=" in stops[0]


def test_a_python_without_venv_is_named_unless_the_environment_is_there(before_setup, monkeypatch, tmp_path):
    with_free(monkeypatch, 500)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    stops, _ = before_setup.place_problems(tmp_path / ".venv")
    assert f"python3.{sys.version_info[1]}-venv" in stops[0]
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    assert before_setup.place_problems(tmp_path / ".venv") == ([], [])


def test_a_full_disk_stops_set_up_and_a_narrow_one_is_said(before_setup, monkeypatch, tmp_path):
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    with_free(monkeypatch, 2)
    (sentence,), _ = before_setup.place_problems(tmp_path / ".venv")
    assert "6.5 GB are needed" in sentence
    assert "2.0 GB are free" in sentence
    with_free(monkeypatch, 8)
    stops, (sentence,) = before_setup.place_problems(tmp_path / ".venv")
    assert stops == []
    assert "up to 12.5 GB are needed on the disk of" in sentence
    (tmp_path / ".venv" / "lib" / "python3.12" / "site-packages" / "torch").mkdir(parents=True)
    assert before_setup.place_problems(tmp_path / ".venv") == ([], [])


def test_without_a_network_there_is_a_sentence_and_what_pip_said(tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    environment |= {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"}
    done = subprocess.run([sys.executable, SCRIPT, "network", KIT / "requirements.lock"], capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert done.stderr.startswith("set-up: packages cannot be fetched: is there a network")
    assert "Traceback" not in done.stderr


def test_a_python_that_is_not_there_is_a_sentence(tmp_path):
    for name in ("Makefile", "requirements.lock"):
        shutil.copy(KIT / name, tmp_path / name)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "ensure_bubblewrap.sh").write_text("exit 0\n")
    done = subprocess.run(["make", "setup", "PYTHON=python9"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode != 0
    assert "set-up: there is no python9: install Python 3.11 or newer" in done.stderr


def test_the_doctor_says_how_much_room_there_is(monkeypatch):
    with_free(monkeypatch, 30)
    (finding,) = doctor.disk_findings()
    assert (finding.what, finding.state) == ("disk", "ok")
    assert "30.0 GB free" in finding.words
    with_free(monkeypatch, 0.2)
    (finding,) = doctor.disk_findings()
    assert finding.state == "warn"
