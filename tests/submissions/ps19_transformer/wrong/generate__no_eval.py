"""The mode is left as it was.

Fails: *
"""


def generate(net, prefix, num_new, temperature=0.0, top_k=None, generator=None):
    tokens = prefix
    with torch.no_grad():
        for _ in range(num_new):
            logits = net(tokens[:, -net.max_len :])[:, -1]
            tokens = torch.cat([tokens, sample(logits, temperature, top_k, generator)[:, None]], dim=1)
    return tokens
