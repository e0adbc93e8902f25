"""The places of finished sentences are filled by others.

Fails: a beam of 1 is greedy
Says: the places of finished sentences are filled by others
"""

def beam_search(log_probs, bos, eos, beam_size, max_len, alpha=0.75):
    prefixes, totals = torch.tensor([[bos]]), torch.zeros(1)
    answers = []
    for length in range(1, max_len + 1):
        candidates = totals[:, None] + log_probs(prefixes)  # (live, v)
        v = candidates.shape[1]
        totals, places = candidates.flatten().sort(descending=True)
        going_on = (places % v != eos).cumsum(0)
        kept = going_on - (places % v != eos).long() < beam_size
        totals, places = totals[kept], places[kept]
        prefixes = torch.cat([prefixes[places // v], (places % v)[:, None]], dim=1)
        done = (prefixes[:, -1] == eos) | (length == max_len)
        answers += zip((totals[done] / length**alpha).tolist(), prefixes[done].tolist(), strict=True)
        prefixes, totals = prefixes[~done], totals[~done]
        if len(prefixes) == 0:
            break
    score, best = max(answers)
    return [token for token in best[1:] if token != eos], score
