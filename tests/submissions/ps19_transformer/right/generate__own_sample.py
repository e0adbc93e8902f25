"""Draws by itself."""


def generate(net, prefix, num_new, temperature=0.0, top_k=None, generator=None):
    net.eval()
    for _ in range(num_new):
        with torch.no_grad():
            scores = net(prefix[:, -net.max_len :])[:, -1]
        if temperature == 0:
            new = scores.argmax(dim=1)
        else:
            if top_k is not None and top_k < scores.shape[1]:
                scores = scores.masked_fill(scores < scores.topk(top_k).values[:, -1:], -math.inf)
            new = torch.multinomial(torch.softmax(scores / temperature, dim=1), 1, generator=generator)[:, 0]
        prefix = torch.cat([prefix, new[:, None]], dim=1)
    return prefix
