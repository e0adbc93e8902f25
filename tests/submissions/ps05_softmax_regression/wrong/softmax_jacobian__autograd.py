"""Lets autograd differentiate softmax.

Fails: *
"""

def softmax_jacobian(p):
    rows = []
    for q in p:
        rows.append(torch.autograd.functional.jacobian(lambda o: torch.softmax(o, dim=0), torch.log(q)))
    return torch.stack(rows)
