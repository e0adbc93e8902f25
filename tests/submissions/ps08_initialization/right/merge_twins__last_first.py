"""From the end, with lists."""


def merge_twins(W1, b1, W2):
    rows, biases, outs = [], [], []
    for i in reversed(range(W1.shape[0])):
        for j in range(len(rows)):
            if torch.equal(rows[j], W1[i]) and biases[j] == b1[i]:
                outs[j] = outs[j] + W2[:, i]
                break
        else:
            rows.append(W1[i])
            biases.append(b1[i])
            outs.append(W2[:, i])
    return torch.stack(rows), torch.stack(biases), torch.stack(outs).T
