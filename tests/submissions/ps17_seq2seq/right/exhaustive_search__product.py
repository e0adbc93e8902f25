"""All products of tokens."""

import itertools


def exhaustive_search(log_probs, bos, eos, max_len, alpha=0.75):
    known = {}

    def row(prefix):
        if prefix not in known:
            known[prefix] = log_probs(torch.tensor([prefix]))[0].double().tolist()
        return known[prefix]

    v = len(row((bos,)))
    words = [token for token in range(v) if token != eos]
    answers = []
    for length in range(1, max_len + 1):
        for body in itertools.product(words, repeat=length - 1):
            for last in range(v) if length == max_len else [eos]:
                sentence = (*body, last)
                total = sum(row((bos, *sentence[:t]))[sentence[t]] for t in range(length))
                answers.append((total / length**alpha, [token for token in sentence if token != eos]))
    score, tokens = max(answers)
    return tokens, score
