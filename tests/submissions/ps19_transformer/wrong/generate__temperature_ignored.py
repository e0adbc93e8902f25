"""The temperature is not handed on.

Fails: hands temperature and top_k on
Fails: all chance comes from the generator: equal seeds write the same
"""


def generate(net, prefix, num_new, temperature=0.0, top_k=None, generator=None):
    net.eval()
    tokens = prefix
    with torch.no_grad():
        for _ in range(num_new):
            logits = net(tokens[:, -net.max_len :])[:, -1]
            tokens = torch.cat([tokens, sample(logits, 0, top_k, generator)[:, None]], dim=1)
    return tokens
