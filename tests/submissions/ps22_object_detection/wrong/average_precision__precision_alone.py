"""The share of hits among the detections.

Fails: is the area under the stepped curve
Fails: objects that were never found count
Fails: holds for nothing but hits, and for nothing but misses
Fails: takes scores of float32 and float64, in any memory order
Fails: leaves its inputs unchanged
Fails: gives the same when it is called again, and leaves the program as it was
"""


def average_precision(scores, hits, num_objects):
    return float(hits.double().mean()) if len(hits) and num_objects else 0.0
