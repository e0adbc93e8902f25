"""A counter, and the rate in the first group."""


def train_lm(net, data_iter, schedule):
    net.train()
    optimizer = torch.optim.Adam(net.parameters(), betas=(0.9, 0.98))
    losses = []
    for tokens, counts in data_iter:
        optimizer.param_groups[0]["lr"] = schedule(len(losses) + 1)
        mask = counts[:, 1:]
        loss = nn.functional.cross_entropy(net(tokens[:, :-1])[mask], tokens[:, 1:][mask])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
