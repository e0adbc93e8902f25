"""The state of a new optimizer of the same kind.

Fails: "optimizer" is the state_dict of the optimizer, with its memory
"""


def save_checkpoint(path, net, optimizer, epoch):
    torch.save({"net": net.state_dict(), "optimizer": type(optimizer)(net.parameters(), lr=optimizer.param_groups[0]['lr']).state_dict(), "epoch": epoch}, path)
