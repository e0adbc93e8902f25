"""One step more than max_len.

Fails: asks the model once a step, about the live prefixes only
Fails: the score is the sum divided by L^alpha, 0.75 by default, and chooses among the answers
Says: it goes on for one step more than max_len
"""

def beam_search(log_probs, bos, eos, beam_size, max_len, alpha=0.75):
    prefixes, totals = torch.tensor([[bos]]), torch.zeros(1)
    answers = []
    for length in range(1, max_len + 2):
        candidates = totals[:, None] + log_probs(prefixes)  # (live, v)
        v = candidates.shape[1]
        totals, places = candidates.flatten().topk(min(beam_size, candidates.numel()))
        prefixes = torch.cat([prefixes[places // v], (places % v)[:, None]], dim=1)
        done = (prefixes[:, -1] == eos) | (length == max_len + 1)
        answers += zip((totals[done] / length**alpha).tolist(), prefixes[done].tolist(), strict=True)
        prefixes, totals = prefixes[~done], totals[~done]
        if len(prefixes) == 0:
            break
    score, best = max(answers)
    return [token for token in best[1:] if token != eos], score
