"""By NumPy."""


import numpy as np

def zipf_fit(counts, skip=0):
    ranks = np.arange(1, len(counts) + 1)
    falling = np.sort(np.array(counts))[::-1]
    slope, c = np.polyfit(np.log(ranks[skip:]), np.log(falling[skip:]), 1)
    return [-float(slope), float(c)]
