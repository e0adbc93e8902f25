"""Adds up in the caller's W2.

Fails: leaves its inputs unchanged
May fail: gives the same when it is called again, and leaves the program as it was
"""


def merge_twins(W1, b1, W2):
    rows, biases, outs, counts = [], [], [], []
    for i in range(len(b1)):
        for j in range(len(rows)):
            if torch.equal(rows[j], W1[i]) and biases[j] == b1[i]:
                outs[j] += W2[:, i]
                counts[j] += 1
                break
        else:
            rows.append(W1[i])
            biases.append(b1[i])
            outs.append(W2[:, i])
            counts.append(1)
    
    return torch.stack(rows), torch.stack(biases), torch.stack(outs, dim=1)
