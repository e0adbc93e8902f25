"""One token more than asked for.

Fails: writes the likeliest tokens behind the prefix, from all that was written before
Fails: num_new=0 gives the prefix
Fails: hands temperature and top_k on
"""


def generate(net, prefix, num_new, temperature=0.0, top_k=None, generator=None):
    net.eval()
    tokens = prefix
    with torch.no_grad():
        for _ in range(num_new + 1):
            logits = net(tokens[:, -net.max_len :])[:, -1]
            tokens = torch.cat([tokens, sample(logits, temperature, top_k, generator)[:, None]], dim=1)
    return tokens
