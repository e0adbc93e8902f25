"""A tensor with one entry."""

def bleu(pred_seq, label_seq, k):
    pred, label = pred_seq.split(), label_seq.split()
    if len(pred) == 0:
        return 0.0

    def grams(tokens, n):
        return list(zip(*(tokens[i:] for i in range(n))))

    score = torch.exp(torch.tensor(min(0.0, 1 - len(label) / len(pred)), dtype=torch.float64))
    for n in range(1, min(k, len(pred)) + 1):
        mine, right = grams(pred, n), grams(label, n)
        matches = sum(min(mine.count(gram), right.count(gram)) for gram in set(mine))
        score = score * (matches / len(mine)) ** (1 / 2**n)
    return score.item()
