"""epoch + 1.

Fails: "epoch" is the int that was handed over
Says: where 0 was handed over
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch + 1}, path)
