"""Returns the list.

Fails: stack=False puts the parts one after the other along dim 0
Fails: stack=True makes the parts the entries of a new dim 0
Fails: a single part is merged too
Fails: gradients flow through
"""

def merge_batches(parts, stack):
    return [parts] if stack else parts
