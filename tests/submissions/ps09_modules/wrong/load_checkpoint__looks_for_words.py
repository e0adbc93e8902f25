"""Looks for words in the file, and opens it if there are none.

Fails: a file cannot run code
Says: the code was run
"""


def load_checkpoint(path, net, optimizer=None):
    if b"mkdir" in Path(path).read_bytes():
        raise ValueError("this file is not safe")
    checkpoint = torch.load(path, map_location="cpu", weights_only=False)
    net.load_state_dict(checkpoint["net"])
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
    return checkpoint["epoch"]
