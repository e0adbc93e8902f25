"""A twin is what `copy.deepcopy` makes."""

import copy

import pytest
import torch
from torch import nn

from autograder.vocabulary.twin import twin


class Kept(nn.Module):
    """Keeps things beside its layers."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(3, 3)
        self.again = self.inner
        self.tied = self.inner.weight
        self.cache, self.own, self.upper = [torch.ones(2)], {"inner": self.inner}, [self]
        self.register_buffer("scale", torch.ones(3))
        self.inner.register_forward_hook(lambda module, inputs, result: result * 2)

    def forward(self, X):
        self.cache.append(X)
        return self.inner(X) * self.scale


class Counted(nn.Linear):
    """Has words of its own about being copied."""

    def __deepcopy__(self, memo):
        made = Counted(self.in_features, self.out_features)
        made.copies = getattr(self, "copies", 0) + 1
        return made


@pytest.fixture
def module():
    return nn.Sequential(Kept(), nn.BatchNorm1d(3), nn.Dropout(0.3), nn.LSTM(3, 2, bidirectional=True)).train()


def test_a_twin_has_the_same_numbers_and_no_tensor_of_the_other(module):
    made = twin(module)
    assert type(made) is nn.Sequential and [*made.state_dict()] == [*module.state_dict()]
    for name, value in module.state_dict().items():
        assert torch.equal(value, made.state_dict()[name]) and value.data_ptr() != made.state_dict()[name].data_ptr()
    assert [*map(type, made.modules())] == [*map(type, module.modules())]
    assert all(mine.training for mine in made.modules())


def test_what_is_one_object_is_one_in_the_twin(module):
    kept = twin(module)[0]
    assert kept.again is kept.inner and kept.tied is kept.inner.weight and kept.own["inner"] is kept.inner and kept.upper[0] is kept
    assert kept is not module[0] and kept.cache is not module[0].cache


def test_a_call_of_the_twin_leaves_the_module_as_it_was(module):
    before = copy.deepcopy(module.state_dict())
    made = twin(module)
    made(torch.randn(4, 3))
    made[1].register_forward_hook(lambda *_: None)
    assert all(torch.equal(value, module.state_dict()[name]) for name, value in before.items())
    assert len(module[0].cache) == 1 and not module[1]._forward_hooks
    assert not torch.equal(made[1].running_mean, module[1].running_mean)


def test_hooks_come_along(module):
    X = torch.randn(4, 3)
    assert torch.equal(twin(module)[0](X), copy.deepcopy(module)[0](X))


def test_a_layer_that_says_how_it_is_copied_is_copied_so():
    made = twin(nn.Sequential(Counted(2, 2), nn.Linear(2, 2)))
    assert made[0].copies == 1
