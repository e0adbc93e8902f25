"""Columns in a list."""


def generate(net, prefix, num_new, temperature=0.0, top_k=None, generator=None):
    net.eval()
    columns = list(prefix.split(1, dim=1))
    for _ in range(num_new):
        window = torch.cat(columns[-net.max_len :], dim=1)
        with torch.no_grad():
            scores = net(window)
        columns.append(sample(scores[:, -1, :], temperature, top_k, generator).unsqueeze(1))
    return torch.cat(columns, dim=1)
