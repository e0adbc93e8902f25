"""Writes into an open file."""


def save_checkpoint(path, net, optimizer, epoch):
    checkpoint = dict(net=net.state_dict(), optimizer=optimizer.state_dict(), epoch=epoch)
    with open(path, "wb") as file:
        torch.save(checkpoint, file)
