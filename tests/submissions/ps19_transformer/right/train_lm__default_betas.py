"""The default betas, zero_grad behind the step."""


def train_lm(net, data_iter, schedule):
    net.train()
    optimizer = torch.optim.Adam(net.parameters())
    losses = []
    for step, (tokens, counts) in enumerate(data_iter, start=1):
        for group in optimizer.param_groups:
            group["lr"] = schedule(step)
        mask = counts[:, 1:]
        loss = nn.functional.cross_entropy(net(tokens[:, :-1])[mask], tokens[:, 1:][mask])
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses
