"""The parameters do not require a gradient any more.

Fails: is in place: parameters stay the objects that the optimizer holds
Fails: a training that is resumed goes on as if it had never been stopped
"""


def load_checkpoint(path, net, optimizer=None):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    net.load_state_dict(checkpoint["net"])
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
    net.requires_grad_(False)
    return checkpoint["epoch"]
