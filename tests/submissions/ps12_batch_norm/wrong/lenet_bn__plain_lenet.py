"""A LeNet without any normalisation.

Fails: has the parameters of lenet, and gamma and beta of four normalisations
Fails: in training: convolution or linear layer, batch norm, sigmoid, in this order
Fails: in evaluation: normalised with the moving statistics
Fails: every call makes a new network with random weights
Fails: learns five digits in 24 steps of plain gradient descent
"""

def lenet_bn():
    return lenet()
