"""The network itself. (001)

Fails: *
Says: it cannot be read with weights_only=True
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save({"net": net, "optimizer": optimizer.state_dict(), "epoch": epoch}, path)
