"""Clears the optimizer when it is saved.

Fails: leaves the network and the optimizer as they were, so that training goes on
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, path)
    optimizer.state.clear()
