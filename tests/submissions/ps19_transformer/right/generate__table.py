"""Filled into a table."""


def generate(net, prefix, num_new, temperature=0.0, top_k=None, generator=None):
    net.eval()
    n, T = prefix.shape
    text = torch.zeros(n, T + num_new, dtype=prefix.dtype, device=prefix.device)
    text[:, :T] = prefix
    with torch.inference_mode():
        for t in range(T, T + num_new):
            logits = net(text[:, max(0, t - net.max_len) : t])[:, -1].clone()
            text[:, t] = sample(logits, temperature, top_k, generator)
    return text
