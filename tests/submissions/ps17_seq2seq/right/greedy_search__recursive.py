"""Recursive."""

def greedy_search(log_probs, bos, eos, max_len, prefix=None):
    prefix = prefix or [bos]
    if max_len == 0:
        return [], 0.0
    row = log_probs(torch.tensor(prefix).unsqueeze(0)).squeeze(0)
    token = int(torch.argmax(row))
    if token == eos:
        return [], float(row[token])
    rest, total = greedy_search(log_probs, bos, eos, max_len - 1, prefix + [token])
    return [token] + rest, float(row[token]) + total
