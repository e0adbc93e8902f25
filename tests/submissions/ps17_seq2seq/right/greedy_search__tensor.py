"""A tensor that grows."""

def greedy_search(log_probs, bos, eos, max_len):
    prefix, total = torch.tensor([[bos]]), 0.0
    while prefix.shape[1] <= max_len:
        value, token = log_probs(prefix).max(dim=1)
        total += value.item()
        if token.item() == eos:
            break
        prefix = torch.cat([prefix, token[:, None]], dim=1)
    return prefix[0, 1:].tolist(), total
