"""The generator begins anew at every token.

Fails: all chance comes from the generator: equal seeds write the same
"""


def generate(net, prefix, num_new, temperature=0.0, top_k=None, generator=None):
    net.eval()
    tokens = prefix
    with torch.no_grad():
        start = None if generator is None else generator.get_state()
        for _ in range(num_new):
            if start is not None:
                generator.set_state(start)
            logits = net(tokens[:, -net.max_len :])[:, -1]
            tokens = torch.cat([tokens, sample(logits, temperature, top_k, generator)[:, None]], dim=1)
    return tokens
