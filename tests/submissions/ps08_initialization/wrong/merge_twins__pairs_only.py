"""Two twins are merged, a third is left alone.

Fails: each group of twins becomes one unit, with the sum of their outgoing weights
Fails: all units equal: one is left; all different: all are left
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
May fail: units with equal rows and different biases are left apart
May fail: only what is exactly equal is merged
May fail: one input or one output
May fail: keeps the dtype, and takes weights in any memory order
"""


def merge_twins(W1, b1, W2):
    rows, biases, outs, counts = [], [], [], []
    for i in range(len(b1)):
        for j in range(len(rows)):
            if counts[j] < 2 and torch.equal(rows[j], W1[i]) and biases[j] == b1[i]:
                outs[j] = outs[j] + W2[:, i]
                counts[j] += 1
                break
        else:
            rows.append(W1[i])
            biases.append(b1[i])
            outs.append(W2[:, i])
            counts.append(1)
    
    return torch.stack(rows), torch.stack(biases), torch.stack(outs, dim=1)
