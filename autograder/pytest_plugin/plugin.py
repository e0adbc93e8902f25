"""The pytest plugin: options and fixtures of grader files.

By hand, `pytest autograder/graders/test_x.py [--submission NOTEBOOK | --answer FILE]` runs one grader with pytest's own report; without an option it runs
against the reference solution. In the grader, `loop.judge_submissions` says whose answers the fixture `student` stands for.
"""

from typing import Any

import pytest
import torch

from ..vocabulary.draw import Draw
from .items import DEVICE, generator_of

CURRENT = pytest.StashKey[Any]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("autograder", "hidden graders")
    group.addoption("--submission", metavar="NOTEBOOK", help="run graders against this notebook, in the sandbox")
    group.addoption("--answer", metavar="FILE", help="run graders against the reference with this one answer in it")
    group.addoption("--autograder-sandbox", default="bwrap", choices=["bwrap", "none"], help="the wall for --submission")
    group.addoption("--autograder-device", default="cpu", help="device the graders' tensors are on")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[DEVICE] = config.getoption("--autograder-device", "cpu")


@pytest.fixture
def student(request: pytest.FixtureRequest):
    """The stand-in for the student's namespace."""
    current = request.config.stash.get(CURRENT, None)
    if current is None:
        from .by_hand import ByHand

        current = request.config.stash[CURRENT] = ByHand(request.config)
    return current.begin(request.node)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> torch.Generator:
    """A CPU generator seeded from course, assignment, exercise and criterion."""
    return generator_of(request.node)


@pytest.fixture
def draw(request: pytest.FixtureRequest) -> Draw:
    """Random inputs on the device, seeded as `rng` is."""
    return Draw(generator_of(request.node), request.config.stash[DEVICE])


@pytest.fixture
def device(request: pytest.FixtureRequest) -> str:
    """ "cpu" or "cuda"."""
    return request.config.stash[DEVICE]


def pytest_unconfigure(config: pytest.Config) -> None:
    current = config.stash.get(CURRENT, None)
    if current is not None:
        current.close()
