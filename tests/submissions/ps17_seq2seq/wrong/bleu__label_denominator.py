"""The denominator of the label.

Fails: is 0 where nothing matches, and for an empty prediction; n ends at the length of the prediction
Fails: a short prediction is punished, a long one is not
Says: the denominator counts the n-grams of the label
"""

def bleu(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if not pred:
        return 0.0
    score = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(1, min(k, len(pred)) + 1):
        mine, right = (Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)) for tokens in (pred, label))
        matches = sum((mine & right).values())
        score *= (matches / max(len(label) - n + 1, 1)) ** (1 / 2**n)
    return score
