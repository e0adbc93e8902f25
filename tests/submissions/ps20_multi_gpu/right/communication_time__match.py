"""match, and the number of doublings counted in a loop."""


def communication_time(num_bytes, n, bandwidth, latency, method):
    message = lambda size: latency + size / bandwidth
    match method:
        case "ring":
            return sum(2 * message(num_bytes / n) for _ in range(n - 1))
        case "tree":
            levels = 0
            while 2**levels < n:
                levels += 1
            return 2 * levels * message(num_bytes)
        case "server":
            return 2 * message(n * num_bytes) if n > 1 else 0
    raise ValueError(method)
