"""The schedule is asked from 0.

Fails: asks the schedule for the steps 1, 2, 3, …, once for each batch
Says: asked from step 0 on
"""


def train_lm(net, data_iter, schedule):
    net.train()
    optimizer = torch.optim.Adam(net.parameters(), betas=(0.9, 0.98))
    losses = []
    for step, (tokens, counts) in enumerate(data_iter, start=0):
        for group in optimizer.param_groups:
            group["lr"] = schedule(step)
        mask = counts[:, 1:]
        loss = nn.functional.cross_entropy(net(tokens[:, :-1])[mask], tokens[:, 1:][mask])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
