"""The optimizer's memory is cleared.

Fails: a training that is resumed goes on as if it had never been stopped
"""


def load_checkpoint(path, net, optimizer=None):
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    net.load_state_dict(checkpoint["net"])
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
    if optimizer is not None:
        optimizer.state.clear()
    return checkpoint["epoch"]
