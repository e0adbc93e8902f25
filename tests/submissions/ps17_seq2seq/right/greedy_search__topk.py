"""topk, and the sum at the end."""

def greedy_search(log_probs, bos, eos, max_len):
    tokens, parts = [], []
    with torch.no_grad():
        for _ in range(max_len):
            values, indices = torch.topk(log_probs(torch.tensor([[bos] + tokens])), 1)
            parts.append(float(values))
            if int(indices) == eos:
                break
            tokens.append(int(indices))
    return tokens, sum(parts)
