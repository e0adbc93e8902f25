"""The scores of the first position.

Fails: writes the likeliest tokens behind the prefix, from all that was written before
Says: the scores of the first position are used
"""


def generate(net, prefix, num_new, temperature=0.0, top_k=None, generator=None):
    net.eval()
    tokens = prefix
    with torch.no_grad():
        for _ in range(num_new):
            logits = net(tokens[:, -net.max_len :])[:, 0]
            tokens = torch.cat([tokens, sample(logits, temperature, top_k, generator)[:, None]], dim=1)
    return tokens
