"""The mean of the rows' means.

Fails: returns the mean loss of what counts, for each batch
Says: the mean is taken for each row
"""


def train_lm(net, data_iter, schedule):
    net.train()
    optimizer = torch.optim.Adam(net.parameters(), betas=(0.9, 0.98))
    losses = []
    for step, (tokens, counts) in enumerate(data_iter, start=1):
        for group in optimizer.param_groups:
            group["lr"] = schedule(step)
        mask = counts[:, 1:]
        losses_ = nn.functional.cross_entropy(net(tokens[:, :-1]).transpose(1, 2), tokens[:, 1:], reduction="none")
        loss = ((losses_ * mask).sum(1) / mask.sum(1).clamp(min=1)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
