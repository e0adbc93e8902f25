"""Unfinished prefixes are answers, as in the picture of the notes.

Fails: *
Says: prefixes that are not finished are answers, too
"""

def beam_search(log_probs, bos, eos, beam_size, max_len, alpha=0.75):
    prefixes, totals = torch.tensor([[bos]]), torch.zeros(1)
    answers = []
    for length in range(1, max_len + 1):
        candidates = totals[:, None] + log_probs(prefixes)  # (live, v)
        v = candidates.shape[1]
        totals, places = candidates.flatten().topk(min(beam_size, candidates.numel()))
        prefixes = torch.cat([prefixes[places // v], (places % v)[:, None]], dim=1)
        done = (prefixes[:, -1] == eos) | (length == max_len)
        answers += zip((totals / length**alpha).tolist(), prefixes.tolist(), strict=True)
        prefixes, totals = prefixes[~done], totals[~done]
        if len(prefixes) == 0:
            break
    score, best = max(answers)
    return [token for token in best[1:] if token != eos], score
