"""The optimizer itself.

Fails: *
Says: it cannot be read with weights_only=True
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save({"net": net.state_dict(), "optimizer": optimizer, "epoch": epoch}, path)
