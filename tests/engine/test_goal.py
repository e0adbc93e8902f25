"""A goal is what a training has to reach; it ends there."""

from types import SimpleNamespace

import pytest
import torch

from autograder import exercise, goal
from autograder.judge.criteria import CRITERION
from autograder.judge.local import LocalStudent
from autograder.judge.reasons import Finding
from autograder.vocabulary.goal import goals_of


def train(batches, w):
    """The answer: catches what it can."""
    for _ in range(5):
        try:
            for step in batches:
                w += step
        except Exception:
            pass


def recipe(student, ending, enough, steps):
    import torch

    w = torch.zeros(())
    with ending(steps, lambda: w, enough) as batches:
        student.train(batches, w)
    return {"w": w}


reaches = goal(
    "the weight", at_least=4, margin=1, within="five passes", data=lambda: {"steps": [1.0, 1.0]}, recipe=recipe, reached=lambda _, learned: learned["w"],
    wrong={"takes the first batch only": 3}
)  # fmt: skip


def student(answer=train):
    return LocalStudent({"train": answer})


def test_a_training_ends_where_the_goal_is_reached_and_goes_on_to_its_end_in_full():
    assert reaches.measure(student()) == 4
    assert reaches.in_full(student()) == 10


def test_a_training_ends_there_in_the_sandbox_too(student_of):
    answer = "def train(batches, w):\n    for _ in range(5):\n        for step in batches:\n            w += step"
    remote = student_of("import torch\n" + answer)
    assert reaches.measure(remote) == 4
    assert reaches.in_full(remote) == 10


def test_the_batches_of_a_training_have_a_length_and_places():
    seen = []
    reaches.measure(student(lambda batches, w: seen.extend([len(batches), batches[0], batches[-1:]])))
    assert seen == [2, 1.0, [1.0]]


def test_a_goal_may_lie_below():
    falls = goal("the loss", below=0, data=lambda: {"steps": [-1.0]}, recipe=recipe, reached=lambda _, learned: learned["w"])
    assert falls.measure(student()) == -1
    assert falls.in_full(student()) == -5


def test_what_is_not_enough_is_said_with_the_number_and_the_goal():
    test = reaches.is_reached("learns")
    test(None, student())
    with pytest.raises(Finding, match="the weight is 0 after five passes; at least 4 was expected"):
        test(None, student(lambda batches, w: None))


def test_a_recipe_that_depends_on_its_luck_has_several_tries_and_several_starts_count_together():
    seen = iter([1.0, 2.0, 9.0, 9.0])
    lucky = goal("it", at_least=4, data=lambda seed: seeds.append(seed) or {"steps": []}, recipe=recipe, reached=lambda *_: next(seen), starts=2, tries=2)
    seeds = []
    lucky.is_reached("learns")(None, student())
    assert seeds == [0, 1, 0, 1]
    assert next(seen, None) is None


def test_a_goal_is_not_near_to_what_wrong_recipes_reach():
    with pytest.raises(ValueError, match=r"nearer than 1 to what is reached by a recipe that takes less: 3\.5"):
        goal("the weight", at_least=4, margin=1, data=dict, recipe=recipe, reached=lambda *_: 0, wrong={"takes less": 3.5})
    with pytest.raises(ValueError, match="no threshold"):
        goal("the weight", data=dict, recipe=recipe, reached=lambda *_: 0)


def test_the_goals_of_a_grader_are_found_with_their_exercises_and_titles():
    @exercise("train")
    class TestTrain:
        test_learns = reaches.is_reached("learns", weight=3, timeout_s=30)

    assert goals_of(SimpleNamespace(TestTrain=TestTrain)) == [("train", "learns", reaches)]
    assert getattr(TestTrain.test_learns, CRITERION).timeout_s == 30
    assert torch.is_grad_enabled()
