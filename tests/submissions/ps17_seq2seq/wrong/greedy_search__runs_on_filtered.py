"""Runs on behind eos, which it leaves out of the tokens.

Fails: takes the likeliest token at each step, up to eos or max_len
"""

def greedy_search(log_probs, bos, eos, max_len):
    prefix, total = [bos], 0.0
    for _ in range(max_len):
        row = log_probs(torch.tensor([prefix]))[0]
        token = int(row.argmax())
        total += float(row[token])
        prefix.append(token)
    return [token for token in prefix[1:] if token != eos], total
