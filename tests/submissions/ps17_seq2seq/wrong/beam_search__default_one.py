"""alpha is 1 by default.

Fails: the score is the sum divided by L^alpha, 0.75 by default, and chooses among the answers
"""

def beam_search(log_probs, bos, eos, beam_size, max_len, alpha=1):
    prefixes, totals = torch.tensor([[bos]]), torch.zeros(1)
    answers = []
    for length in range(1, max_len + 1):
        candidates = totals[:, None] + log_probs(prefixes)  # (live, v)
        v = candidates.shape[1]
        totals, places = candidates.flatten().topk(min(beam_size, candidates.numel()))
        prefixes = torch.cat([prefixes[places // v], (places % v)[:, None]], dim=1)
        done = (prefixes[:, -1] == eos) | (length == max_len)
        answers += zip((totals[done] / length**alpha).tolist(), prefixes[done].tolist(), strict=True)
        prefixes, totals = prefixes[~done], totals[~done]
        if len(prefixes) == 0:
            break
    score, best = max(answers)
    return [token for token in best[1:] if token != eos], score
