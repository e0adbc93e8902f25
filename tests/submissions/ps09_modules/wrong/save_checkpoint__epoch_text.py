"""The epoch as text.

Fails: "epoch" is the int that was handed over
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": str(epoch)}, path)
