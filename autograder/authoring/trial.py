"""Promises tried on answers in this process, without judging: which hold for the reference, and what an answer loses."""

import linecache
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch

from ..judge.criteria import CRITERION, Criterion
from ..judge.explain import explain
from ..judge.folding import About, fold
from ..judge.local import LocalStudent
from ..judge.reasons import Finding
from ..judge.verdict import CriterionResult
from ..vocabulary.case import Case
from ..vocabulary.draw import Draw

VALUES = "every value is right"


@dataclass
class Trial:
    """A case with those of its promises that the reference keeps. calls: each as a grader has it, by the name of the test. broken: promises that it does not
    keep, each with what was said."""

    name: str
    namespace: dict[str, Any]
    case: Case
    calls: dict[str, str] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    _tests: list[Callable[..., None]] = field(default_factory=list)

    def add(self, test_name: str, call: str) -> None:
        """Takes a promise if the reference keeps it. call: "keeps_dtype()"."""
        test = eval(f"case.{call}", {"case": self.case})
        [result] = self._results(self.namespace, [test])
        if result.passed:
            self.calls[test_name] = call
            self._tests.append(test)
        else:
            self.broken[test_name] = result.message

    def loses(self, answer: str) -> list[str]:
        """Titles of the criteria that an answer loses, but for those that follow from another; the whole text of its cell is given."""
        namespace = dict(self.namespace)
        file = f"<answer to {self.name}>"
        linecache.cache[file] = (len(answer), None, answer.splitlines(True), file)
        exec(compile(answer, file, "exec", dont_inherit=True), namespace)
        return [result.title for result in self._results(namespace, self._tests) if not result.passed and not result.because]

    def _results(self, namespace: dict[str, Any], tests: list[Callable[..., None]]) -> list[CriterionResult]:
        found, about = [], []
        for test in tests:
            criterion: Criterion = getattr(test, CRITERION)
            result, its = CriterionResult(criterion.title, criterion.weight, True, "passed"), About()
            try:
                test(None, LocalStudent(namespace), Draw(torch.Generator().manual_seed(1)))
            except Exception as error:  # of the author's code as well
                result.passed, (result.reason, result.message) = False, explain(error)
                its = About(error.follows, error.named) if isinstance(error, Finding) else its
            found.append(result)
            about.append(its)
        fold(found, about)
        return found


def tried(name: str, namespace: dict[str, Any], case: Case, dimension: str) -> Trial:
    """The promises that a function may keep, tried on the reference. dimension: the one that is taken for the batch, "" for none."""
    trial = Trial(name, namespace, case)
    arguments = case.drawn(Draw(torch.Generator().manual_seed(1)), [()])[0]
    tensors = [value for value in arguments if isinstance(value, torch.Tensor)]
    trial.add("test_values", f'agrees("{VALUES}", weight=4)')
    if any(value.is_floating_point() for value in tensors):
        trial.add("test_dtype", "keeps_dtype()")
        trial.add("test_gradients", "gradients(weight=2)")
    if tensors:
        trial.add("test_unchanged", "leaves_inputs()")
    if dimension:
        trial.add("test_at_once", f'at_once("{dimension}")')
    trial.add("test_again", "again()")
    return trial
