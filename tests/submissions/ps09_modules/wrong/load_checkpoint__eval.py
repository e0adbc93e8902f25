"""Switches to evaluation mode.

Fails: leaves training and evaluation mode as they are
"""


def load_checkpoint(path, net, optimizer=None):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    net.load_state_dict(checkpoint["net"])
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
    net.eval()
    return checkpoint["epoch"]
