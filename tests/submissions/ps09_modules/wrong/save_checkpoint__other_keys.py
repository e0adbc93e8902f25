"""Other keys.

Fails: the file holds a dict with exactly "net", "optimizer" and "epoch", which weights_only=True can read
Says: has the entries epoch, model, optimizer
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save({"model": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, path)
