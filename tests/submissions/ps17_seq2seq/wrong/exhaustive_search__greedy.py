"""Greedy.

Fails: divides the sum by L^alpha, 0.75 by default
Fails: does not continue a sentence that has ended
Says: it is greedy
"""

def exhaustive_search(log_probs, bos, eos, max_len, alpha=0.75):
    live, best, best_score = [([], 0.0)], [], -math.inf
    for length in range(1, max_len + 1):
        rows = log_probs(torch.tensor([[bos, *tokens] for tokens, _ in live])).tolist()
        extended = [([*tokens, token], total + more) for (tokens, total), row in zip(live, rows, strict=True) for token, more in enumerate(row)]
        for tokens, total in [max(extended, key=lambda pair: pair[1])]:
            complete = tokens[-1] == eos or length == max_len
            if complete and total / length**alpha > best_score:
                best, best_score = tokens, total / length**alpha
        extended = [max(extended, key=lambda pair: pair[1])]
        if not [1 for tokens, _ in extended if tokens[-1] != eos]:
            break
        live = [(tokens, total) for tokens, total in extended if tokens[-1] != eos]
    return [token for token in best if token != eos], best_score
