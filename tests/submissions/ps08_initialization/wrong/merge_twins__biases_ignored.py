"""Biases are ignored.

Fails: units with equal rows and different biases are left apart
Fails: only what is exactly equal is merged
Says: the bias is ignored
"""


def merge_twins(W1, b1, W2):
    rows, biases, outs, counts = [], [], [], []
    for i in range(len(b1)):
        for j in range(len(rows)):
            if torch.equal(rows[j], W1[i]):
                outs[j] = outs[j] + W2[:, i]
                counts[j] += 1
                break
        else:
            rows.append(W1[i])
            biases.append(b1[i])
            outs.append(W2[:, i])
            counts.append(1)
    
    return torch.stack(rows), torch.stack(biases), torch.stack(outs, dim=1)
