"""bos in the result.

Fails: *
Says: bos is a part of the result
"""

def greedy_search(log_probs, bos, eos, max_len):
    prefix, total = [bos], 0.0
    for _ in range(max_len):
        row = log_probs(torch.tensor([prefix]))[0]
        token = int(row.argmax())
        total += float(row[token])
        if token == eos:
            break
        prefix.append(token)
    return prefix, total
