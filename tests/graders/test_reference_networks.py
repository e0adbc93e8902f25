"""The networks of ps11 have the layers of torchvision's, and cost what PyTorch counts."""

import pytest
import torch
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from solutions.ps11_modern_cnn import modern_cnn


@pytest.mark.parametrize("size", [1, 3, (2, 5), (9, 4), (11, 8), (13, 3)])
def test_adaptive_pooling(size):
    X = torch.randn(3, 4, 9, 8, generator=torch.Generator().manual_seed(4))
    torch.testing.assert_close(modern_cnn.adaptive_avg_pool2d(X, size), F.adaptive_avg_pool2d(X, size))


@pytest.mark.parametrize("num_layers", [11, 13, 16, 19])
def test_vgg_has_the_layers_of_torchvision(num_layers):
    models = pytest.importorskip("torchvision.models")
    with torch.device("meta"):
        mine, theirs = modern_cnn.vgg(modern_cnn.vgg_arch(num_layers), 1000, 3), getattr(models, f"vgg{num_layers}")(init_weights=False)
    assert [p.shape for p in mine.parameters()] == [p.shape for p in theirs.parameters()]


@pytest.mark.parametrize("name", ["alexnet", "nin", "googlenet"])
def test_cost_of_a_network_is_half_of_the_operations_that_pytorch_counts(name):
    with torch.device("meta"):
        net = getattr(modern_cnn, name)(in_channels=3).eval()
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            net(torch.zeros(1, 3, 224, 224))
        assert modern_cnn.network_cost(net, (3, 224, 224)) == (sum(p.numel() for p in net.parameters()), counter.get_total_flops() // 2)
