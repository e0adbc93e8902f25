"""Recursive."""

def exhaustive_search(log_probs, bos, eos, max_len, alpha=0.75):
    best = (float("-inf"), [])

    def visit(prefix, total):
        nonlocal best
        row = log_probs(torch.tensor([prefix]))[0].tolist()
        for token, value in enumerate(row):
            L = len(prefix)
            if token == eos or L == max_len:
                score = (total + value) / L**alpha
                if score > best[0]:
                    best = (score, prefix[1:] + ([] if token == eos else [token]))
            else:
                visit(prefix + [token], total + value)

    visit([bos], 0.0)
    return best[1], best[0]
