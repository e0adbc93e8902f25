"""A list of tensors.

Fails: the record is a list of floats
"""


def train_lm(net, data_iter, schedule):
    net.train()
    optimizer = torch.optim.Adam(net.parameters(), betas=(0.9, 0.98))
    losses = []
    for step, (tokens, counts) in enumerate(data_iter, start=1):
        for group in optimizer.param_groups:
            group["lr"] = schedule(step)
        mask = counts[:, 1:]
        loss = nn.functional.cross_entropy(net(tokens[:, :-1])[mask], tokens[:, 1:][mask])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return losses
