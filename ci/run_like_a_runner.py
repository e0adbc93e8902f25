"""Does here what a runner does with a workflow of ci/: the same steps, the same shell, the same reading of what they print.

    python ci/run_like_a_runner.py ci/github/grade.yml HAND-IN-FOLDER [--course FOLDER] [--skip "Install the grader"] [--var NAME=VALUE]

The two fetches become copies of folders, `setup-python` the Python that runs this, `upload-artifact` a list of files; every `run:` is run as it stands.
What the steps print is read as GitHub reads it: commands outside `::stop-commands::` are obeyed and listed, the step summary is printed. For a
`.gitlab-ci.yml` the job's script is run in one shell; its `before_script`, which installs, is left out. Exit status: that of the first step that failed.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import yaml

KIT = Path(__file__).resolve().parents[1]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "__pycache__", "demo", "submitted", "autograded", "feedback", "verdicts", "gradebook.db", ".*_cache")
ANNOTATIONS = ("error", "warning", "notice")
# Commands that change something in a run; the old ones are refused by today's runners, and a submission that prints one is still worth a look.
COMMANDS = (*ANNOTATIONS, "debug", "group", "endgroup", "add-mask", "set-env", "set-output", "save-state", "add-path", "echo", "add-matcher", "remove-matcher")
COMMAND = re.compile(r"^\s*::([a-zA-Z-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$")
OLD_COMMAND = re.compile(r"##\[([a-zA-Z-]+)[^\]]*\](.*)$")
UNESCAPED = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))


@dataclass
class Log:
    """A runner's reading of a step's output. obeyed: (command, properties, text)."""

    obeyed: list[tuple[str, str, str]] = field(default_factory=list)
    token: str | None = None

    def read(self, line: str) -> None:
        if self.token is not None:
            if line.strip() == f"::{self.token}::":
                self.token = None
            return
        match = COMMAND.match(line)
        if match and match[1] == "stop-commands":
            self.token = match[3].strip()
        elif match and match[1] in COMMANDS:
            self.obeyed.append((match[1], _unescape(match[2] or ""), _unescape(match[3])))
        elif (old := OLD_COMMAND.search(line)) and old[1] in COMMANDS:
            self.obeyed.append((old[1], "", old[2]))


def _unescape(text: str) -> str:
    for code, character in UNESCAPED:
        text = text.replace(code, character)
    return text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workflow", type=Path)
    parser.add_argument("hand_in", type=Path)
    parser.add_argument("--course", type=Path, default=KIT, help="the course's folder; the kit's own by default")
    parser.add_argument("--skip", action="append", default=[], help="name of a step to leave out")
    parser.add_argument("--var", action="append", default=[], metavar="NAME=VALUE", help="a variable of the repository (vars.NAME), or of the GitLab job")
    parser.add_argument("--keep", type=Path, help="copy the results folder there")
    options = parser.parse_args()
    variables = dict(pair.split("=", 1) for pair in options.var)
    document = yaml.safe_load(options.workflow.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as work:
        run = _github if "jobs" in document else _gitlab
        status = run(document, Path(work), options, variables)
        if options.keep:
            shutil.copytree(next(Path(work).rglob("results")), options.keep, dirs_exist_ok=True)
    return status


def _environment(work: Path) -> dict[str, str]:
    """Little but the path: a runner's steps see nothing of this shell."""
    tools = f"{Path(sys.executable).parent}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return {
        "PATH": tools,
        "HOME": str(work),
        "LANG": "C.UTF-8",
        "CI": "true",
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        "PYTHONPATH": str(KIT),
    }


def _github(document: dict, work: Path, options: argparse.Namespace, variables: dict[str, str]) -> int:
    (job,) = document["jobs"].values()
    summary = work / "summary.md"
    summary.touch()
    environment = _environment(work) | {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(work), "RUNNER_TEMP": str(work), "GITHUB_STEP_SUMMARY": str(summary)}
    environment |= {name: _expand(str(value), variables) for name, value in job.get("env", {}).items()}
    status, log = 0, Log()
    for step in job["steps"]:
        if step["name"] in options.skip or (status and step.get("if") != "always()"):
            print(f"-- {step['name']}: left out")
            continue
        print(f"-- {step['name']}", flush=True)
        if "run" in step:
            script = work / "step.sh"
            script.write_text(step["run"], encoding="utf-8")
            where = work / step.get("working-directory", ".")
            done = _run(["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)], where, environment, log)
            status = status or done
        else:
            _use(step, work, options)
    print(f"-- commands obeyed: {len(log.obeyed)}")
    for command, properties, text in log.obeyed:
        print(f"{command} | {properties} | {text}")
    print("-- step summary\n" + summary.read_text(encoding="utf-8"))
    print(f"-- exit status {status}")
    return status


def _use(step: dict, work: Path, options: argparse.Namespace) -> None:
    action, given = step["uses"].partition("@")[0], step.get("with", {})
    if action == "actions/checkout":
        source = options.hand_in if given["path"] == "hand-in" else options.course
        shutil.copytree(source, work / given["path"], symlinks=True, ignore=NOT_COPIED)
    elif action == "actions/upload-artifact":
        for path in sorted((work / given["path"]).rglob("*")):
            print(f"{path.relative_to(work)}: {path.stat().st_size} bytes")
    elif action != "actions/setup-python":
        raise SystemExit(f"no stand-in for {action}")


def _gitlab(document: dict, work: Path, options: argparse.Namespace, variables: dict[str, str]) -> int:
    (job,) = (entry for entry in document.values() if isinstance(entry, dict) and "script" in entry)
    project = work / "project"
    shutil.copytree(options.hand_in, project, symlinks=True, ignore=NOT_COPIED)
    shutil.copytree(options.course, work / "course", symlinks=True, ignore=NOT_COPIED)
    given = {name: value.replace("$CI_PROJECT_DIR", str(project)) for name, value in document.get("variables", {}).items()}
    environment = _environment(work) | {"GITLAB_CI": "true", "CI_PROJECT_DIR": str(project)} | given | variables
    script = "\n".join(job["script"]).replace("/tmp/course", str(work / "course"))
    status = _run(["bash", "-eo", "pipefail", "-c", script], project, environment, Log())
    for path in job["artifacts"]["reports"].values():
        print(f"{path}: {(project / path).stat().st_size} bytes")
    print(f"-- exit status {status}")
    return status


def _run(command: list[str], where: Path, environment: dict[str, str], log: Log) -> int:
    """A step in a shell; both its outputs are read line by line, as they come."""
    with subprocess.Popen(command, cwd=where, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            text = line.decode(errors="replace").rstrip("\n")
            print(text, flush=True)
            log.read(text)
    return process.returncode


def _expand(text: str, variables: dict[str, str]) -> str:
    """The two forms of expression that the environments of these workflows have: `vars.NAME || 'default'` and `inputs.NAME`."""

    def value(match: re.Match) -> str:
        form = re.fullmatch(r"(?:vars|inputs)\.(\w+)(?: \|\| '([^']*)')?", match[1])
        if not form:
            raise SystemExit(f"no stand-in for the expression {match[0]}")
        return variables.get(form[1], form[2] or "")

    return re.sub(r"\$\{\{ (.*?) \}\}", value, text)


if __name__ == "__main__":
    sys.exit(main())
