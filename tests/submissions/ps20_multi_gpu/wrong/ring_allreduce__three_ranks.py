"""The table of the notebook, for three ranks only.

Fails: every rank holds the sum of all
Fails: works for fewer numbers than ranks, and for one rank
Fails: each rank sends 2 (n − 1) messages, all to the same neighbour
Fails: each message carries about 1/n of the tensor
Fails: changes the tensors in their own memory, and keeps their dtype
"""


def ring_allreduce(ranks, send):
    chunks = [torch.tensor_split(x, 3) for x in ranks]
    for step in range(4):
        for r in range(3):
            c, dst = (r - step) % 3, (r + 1) % 3
            received = send(r, dst, chunks[r][c])
            if step < 2:
                chunks[dst][c].add_(received)
            else:
                chunks[dst][c].copy_(received)
