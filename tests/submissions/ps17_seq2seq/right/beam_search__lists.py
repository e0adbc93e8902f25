"""Lists and sorting."""

def beam_search(log_probs, bos, eos, beam_size, max_len, alpha=0.75):
    beam, finished = [([bos], 0.0)], []
    for step in range(max_len):
        rows = log_probs(torch.tensor([prefix for prefix, _ in beam]))
        candidates = []
        for (prefix, total), row in zip(beam, rows):
            for token in range(len(row)):
                candidates.append((prefix + [token], total + row[token].item()))
        candidates.sort(key=lambda candidate: candidate[1], reverse=True)
        beam = []
        for prefix, total in candidates[:beam_size]:
            if prefix[-1] == eos:
                finished.append((prefix[1:-1], total / (len(prefix) - 1) ** alpha))
            else:
                beam.append((prefix, total))
        if not beam:
            break
    finished += [(prefix[1:], total / (len(prefix) - 1) ** alpha) for prefix, total in beam]
    return max(finished, key=lambda answer: answer[1])
