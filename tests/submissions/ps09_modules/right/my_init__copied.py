"""Draws outside, and copies in."""


@torch.no_grad()
def my_init(module):
    if not isinstance(module, nn.Linear):
        return
    w = 20 * torch.rand(module.weight.shape) - 10
    module.weight.copy_(torch.where(w.abs() < 5, torch.zeros(()), w))
    if module.bias is not None:
        module.bias.fill_(0)
