"""Asks twice in each step.

Fails: asks the model about the whole prefix, one a step, and about nothing behind eos
"""

def greedy_search(log_probs, bos, eos, max_len):
    prefix, total = [bos], 0.0
    for _ in range(max_len):
        row = log_probs(torch.tensor([prefix]))[0]
        token = int(row.argmax())
        total += float(log_probs(torch.tensor([prefix]))[0, token])
        if token == eos:
            break
        prefix.append(token)
    return prefix[1:], total
