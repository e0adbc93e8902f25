"""Matches are not used up, as the notes define it.

Fails: each n-gram of the label is matched once
Says: an n-gram of the label is matched again and again
"""

def bleu(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if not pred:
        return 0.0
    score = math.exp(min(0, 1 - len(label) / len(pred)))
    for n in range(1, min(k, len(pred)) + 1):
        mine, right = (Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)) for tokens in (pred, label))
        matches = sum(count for gram, count in mine.items() if gram in right)
        score *= (matches / (len(pred) - n + 1)) ** (1 / 2**n)
    return score
