"""Logarithms of the normal density as scores."""


def nadaraya_watson(queries, keys, values, w):
    w = torch.as_tensor(w, dtype=queries.dtype, device=queries.device)
    d = (keys - queries.reshape(-1, 1)) * w
    log_weights = torch.log_softmax(torch.distributions.Normal(0.0, 1.0).log_prob(d), dim=-1)
    return torch.sum(torch.exp(log_weights) * values, -1)
