"""eos in the tokens.

Fails: takes the likeliest token at each step, up to eos or max_len
"""

def greedy_search(log_probs, bos, eos, max_len):
    prefix, total = [bos], 0.0
    for _ in range(max_len):
        row = log_probs(torch.tensor([prefix]))[0]
        token = int(row.argmax())
        total += float(row[token])
        prefix.append(token)
        if token == eos:
            break
    return prefix[1:], total
