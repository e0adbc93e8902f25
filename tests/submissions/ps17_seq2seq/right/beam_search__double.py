"""In float64, impossible candidates left out."""

def beam_search(log_probs, bos, eos, beam_size, max_len, alpha=0.75):
    best_tokens, best_score = [], -float("inf")
    prefixes, totals = torch.tensor([[bos]]), torch.zeros(1, dtype=torch.float64)
    for L in range(1, max_len + 1):
        with torch.no_grad():
            table = totals.unsqueeze(1) + log_probs(prefixes).double()
        flat = table.reshape(-1)
        order = flat.argsort(descending=True)[:beam_size]
        order = order[torch.isfinite(flat[order])]
        parents, tokens = torch.div(order, table.shape[1], rounding_mode="floor"), order % table.shape[1]
        children, sums = torch.cat([prefixes[parents], tokens[:, None]], 1), flat[order]
        keep = []
        for i, (row, total) in enumerate(zip(children.tolist(), sums.tolist())):
            if row[-1] == eos or L == max_len:
                if total / L**alpha > best_score:
                    best_score = total / L**alpha
                    best_tokens = row[1:-1] if row[-1] == eos else row[1:]
            else:
                keep.append(i)
        if not keep:
            break
        prefixes, totals = children[keep], sums[keep]
    return best_tokens, best_score
