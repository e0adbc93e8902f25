"""Checks names and shapes itself, and copies."""


def load_checkpoint(path, net, optimizer=None):
    with open(path, "rb") as file:
        checkpoint = torch.load(file, map_location="cpu", weights_only=True)
    own, saved = net.state_dict(), checkpoint["net"]
    if own.keys() != saved.keys():
        raise KeyError("the file is one of another network")
    if any(own[name].shape != saved[name].shape for name in own):
        raise ValueError("the file is one of a network with other sizes")
    with torch.no_grad():
        for name in own:
            own[name].copy_(saved[name])
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
    return int(checkpoint["epoch"])
