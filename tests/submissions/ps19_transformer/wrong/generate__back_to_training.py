"""The network is put back into training mode.

Fails: puts the network into evaluation mode, leaves it there, and builds no graph
Says: in training mode after the call
"""


def generate(net, prefix, num_new, temperature=0.0, top_k=None, generator=None):
    net.eval()
    tokens = prefix
    with torch.no_grad():
        for _ in range(num_new):
            logits = net(tokens[:, -net.max_len :])[:, -1]
            tokens = torch.cat([tokens, sample(logits, temperature, top_k, generator)[:, None]], dim=1)
    net.train()
    return tokens
