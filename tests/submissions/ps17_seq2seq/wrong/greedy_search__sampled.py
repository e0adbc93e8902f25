"""Draws the next token by its probability.

Fails: takes the likeliest token at each step, up to eos or max_len
May fail: the sum counts every token, eos too
May fail: asks the model about the whole prefix, one a step, and about nothing behind eos
"""


def greedy_search(log_probs, bos, eos, max_len):
    prefix, total = [bos], 0.0
    for _ in range(max_len):
        row = log_probs(torch.tensor([prefix]))[0]
        token = int(torch.multinomial(row.exp(), 1))
        total += float(row[token])
        if token == eos:
            break
        prefix.append(token)
    return prefix[1:], total
