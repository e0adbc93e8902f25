"""The learning rate stays that of Adam.

Fails: asks the schedule for the steps 1, 2, 3, …, once for each batch
Fails: sets the rate of a batch before its step
May fail: teaches a small network to reverse six digits
"""


def train_lm(net, data_iter, schedule):
    net.train()
    optimizer = torch.optim.Adam(net.parameters(), betas=(0.9, 0.98))
    losses = []
    for step, (tokens, counts) in enumerate(data_iter, start=1):
        mask = counts[:, 1:]
        loss = nn.functional.cross_entropy(net(tokens[:, :-1])[mask], tokens[:, 1:][mask])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
