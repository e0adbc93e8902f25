"""Copies on the CPU, in another order."""


import copy


def save_checkpoint(path, net, optimizer, epoch):
    state = {name: value.detach().cpu().clone() for name, value in net.state_dict().items()}
    torch.save({"epoch": int(epoch), "optimizer": copy.deepcopy(optimizer.state_dict()), "net": state}, str(path))
