"""Only the last token is fed.

Fails: writes the likeliest tokens behind the prefix, from all that was written before
Fails: shows the network the last max_len tokens where there are more
Says: the network is shown the last token only
"""


def generate(net, prefix, num_new, temperature=0.0, top_k=None, generator=None):
    net.eval()
    tokens = prefix
    with torch.no_grad():
        for _ in range(num_new):
            logits = net(tokens[:, -1:])[:, -1]
            tokens = torch.cat([tokens, sample(logits, temperature, top_k, generator)[:, None]], dim=1)
    return tokens
