"""A heap."""

import heapq


def beam_search(log_probs, bos, eos, beam_size, max_len, alpha=0.75):
    alive, done = {(bos,): 0.0}, {}
    for length in range(1, max_len + 1):
        scores = log_probs(torch.tensor(list(alive)))
        candidates = ((total + more, prefix + (token,)) for (prefix, total), row in zip(alive.items(), scores.tolist()) for token, more in enumerate(row))
        kept = heapq.nlargest(beam_size, candidates)
        alive = {prefix: total for total, prefix in kept if prefix[-1] != eos and length < max_len}
        done.update({prefix: total / length**alpha for total, prefix in kept if prefix not in alive})
        if not alive:
            break
    best = max(done, key=done.get)
    return [token for token in best[1:] if token != eos], done[best]
