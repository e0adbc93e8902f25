"""top_k is not handed on.

Fails: hands temperature and top_k on
Says: top_k is not handed on
"""


def generate(net, prefix, num_new, temperature=0.0, top_k=None, generator=None):
    net.eval()
    tokens = prefix
    with torch.no_grad():
        for _ in range(num_new):
            logits = net(tokens[:, -net.max_len :])[:, -1]
            tokens = torch.cat([tokens, sample(logits, temperature, None, generator)[:, None]], dim=1)
    return tokens
