"""First all messages of a step are sent, then all are delivered."""


def ring_allreduce(ranks, send):
    n, length = len(ranks), len(ranks[0])
    cuts = [length * i // n for i in range(n + 1)]
    part = lambda r, c: ranks[r][cuts[c] : cuts[c + 1]]
    for phase in ("reduce", "gather"):
        for step in range(n - 1):
            arrived = {}
            for r in range(n):
                c = (r - step + (phase == "gather")) % n
                arrived[(r + 1) % n, c] = send(r, (r + 1) % n, part(r, c))
            for (dst, c), received in arrived.items():
                if phase == "reduce":
                    part(dst, c)[:] += received
                else:
                    part(dst, c)[:] = received
