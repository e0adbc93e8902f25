# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Two functions

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch

# %% [markdown]
# ### `relu`


# %% nbgrader={"grade": false, "grade_id": "relu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu(X):
    """The positive part of X, entry by entry."""
    ### BEGIN SOLUTION
    return X.clamp(min=0)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_relu", "locked": true, "points": 60, "schema_version": 3, "solution": false, "task": false}
assert relu(torch.tensor([-1.0, 2.0])).tolist() == [0, 2], "relu keeps what is positive"

# %% [markdown]
# ### `Scale`


# %% nbgrader={"grade": false, "grade_id": "Scale", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Scale(torch.nn.Module):
    """Multiplies by a learned factor, which is 1 at first."""

    def __init__(self):
        super().__init__()
        ### BEGIN SOLUTION
        self.factor = torch.nn.Parameter(torch.ones(()))
        ### END SOLUTION

    def forward(self, X):
        ### BEGIN SOLUTION
        return self.factor * X
        ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_Scale", "locked": true, "points": 40, "schema_version": 3, "solution": false, "task": false}
assert Scale()(torch.ones(2)).tolist() == [1, 1], "the factor is 1 at first"

# %% [markdown] nbgrader={"grade": true, "grade_id": "why", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# Why is a network without `relu` linear? (up to 5 points of extra credit, marked by hand)
#
# ### BEGIN SOLUTION
# A product of matrices is a matrix.
# ### END SOLUTION

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_plot", "locked": true, "schema_version": 3, "solution": false, "task": false}
# raise RuntimeError("a demo is not run by the grader")
