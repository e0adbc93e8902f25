"""Nearly equal is equal.

Fails: only what is exactly equal is merged
Says: nearly equal are merged
"""


def merge_twins(W1, b1, W2):
    rows, biases, outs, counts = [], [], [], []
    for i in range(len(b1)):
        for j in range(len(rows)):
            if torch.allclose(rows[j], W1[i]) and torch.isclose(biases[j], b1[i]):
                outs[j] = outs[j] + W2[:, i]
                counts[j] += 1
                break
        else:
            rows.append(W1[i])
            biases.append(b1[i])
            outs.append(W2[:, i])
            counts.append(1)
    
    return torch.stack(rows), torch.stack(biases), torch.stack(outs, dim=1)
