"""n ends at the length of the label, too.

Fails: is 0 where nothing matches, and for an empty prediction; n ends at the length of the prediction
Says: n ends at the length of the label
"""


def bleu(pred_seq, label_seq, k):
    p, l = pred_seq.split(), label_seq.split()
    if not p:
        return 0.0
    score = math.exp(min(0, 1 - len(l) / len(p)))
    for n in range(1, min(k, len(p), len(l)) + 1):
        a, b = (Counter(tuple(s[i : i + n]) for i in range(len(s) - n + 1)) for s in (p, l))
        score *= (sum((a & b).values()) / (len(p) - n + 1)) ** (0.5**n)
    return score
