"""Lists of n-grams, matches removed one by one; logarithms are added."""

import math


def bleu(pred_seq, label_seq, k):
    pred = [word for word in pred_seq.split(" ") if word]
    label = label_seq.split(" ")
    if not pred:
        return 0.0
    log_score = 1 - len(label) / len(pred) if len(pred) < len(label) else 0.0
    for n in range(1, k + 1):
        if n > len(pred):
            break
        left = [label[i : i + n] for i in range(len(label) - n + 1)]
        matches = 0
        for i in range(len(pred) - n + 1):
            if pred[i : i + n] in left:
                left.remove(pred[i : i + n])
                matches += 1
        if matches == 0:
            return 0.0
        log_score += 2.0**-n * math.log(matches / (len(pred) - n + 1))
    return math.exp(log_score)
