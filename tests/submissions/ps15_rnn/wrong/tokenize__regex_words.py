"""Letters and digits only: marks are dropped, and part words.

Fails: cuts each line into words, one list a line
Says: only white space parts words
"""


import re


def tokenize(lines, token="word"):
    if token == "word":
        return [re.findall(r"\w+", line) for line in lines]
    if token == "char":
        return [list(line) for line in lines]
    raise ValueError
