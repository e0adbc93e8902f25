"""The state of the network alone.

Fails: *
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save(net.state_dict(), path)
