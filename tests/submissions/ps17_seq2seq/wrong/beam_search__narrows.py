"""The beam gets narrower with every finished sentence.

Fails: the score is the sum divided by L^alpha, 0.75 by default, and chooses among the answers
Says: the beam gets narrower
"""


def beam_search(log_probs, bos, eos, beam_size, max_len, alpha=0.75):
    prefixes, totals, answers = torch.tensor([[bos]]), torch.zeros(1), []
    for length in range(1, max_len + 1):
        candidates = totals[:, None] + log_probs(prefixes)
        v = candidates.shape[1]
        totals, places = candidates.flatten().topk(min(beam_size - len(answers), candidates.numel()))
        prefixes = torch.cat([prefixes[places // v], (places % v)[:, None]], dim=1)
        done = prefixes[:, -1] == eos
        if length == max_len:
            done[:] = True
        for p, t in zip(prefixes[done].tolist(), totals[done].tolist()):
            answers.append((t / length**alpha, [x for x in p[1:] if x != eos]))
        prefixes, totals = prefixes[~done], totals[~done]
        if not len(prefixes) or len(answers) >= beam_size:
            break
    score, tokens = max(answers)
    return tokens, score
