"""Switches to evaluation mode first.

Fails: leaves the network and the optimizer as they were, so that training goes on
Says: the network is in another mode afterwards
"""


def save_checkpoint(path, net, optimizer, epoch):
    net.eval()
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, path)
