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
# # Hello (你好)
#
# Welcome. This notebook takes fifteen minutes and contains nothing hard. You go the whole way of an assignment once, so that later you
# can think about deep learning and not about buttons: run the cells, write an answer, make a mistake on purpose and read the message,
# check, submit, read the feedback.
#
# The answer to the one exercise is printed right above it. You cannot fail this one.
#
# **How a notebook works.** Click into a cell and press **Shift + Enter**: it runs, and the next one is chosen. Run them from top to
# bottom. If things get confused, *Kernel → Restart Kernel and Run All Cells* starts afresh and loses nothing that you wrote.
# It stops at the first cell that raises an error. Where that is a cell of your own (an experiment, say), delete it, or give
# it the tag `raises-exception`, and the run goes on below it.
#
# ## 1 · Is everything in place?
#
# Run this cell.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_environment", "locked": true, "schema_version": 3, "solution": false, "task": false}
# from course_tools import environment_report
#
# print(environment_report())

# %% [markdown]
# The last line should say that everything is in place. If a line begins with `WRONG`, **this is not your mistake**: send the whole
# report to
# the staff. You can go on reading meanwhile.
#
# Then this one. Nearly every notebook begins so: it fetches PyTorch and the course's own tools, and says nothing.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch
from course_tools import check_equal, check_promises, digits, show_images

# %% [markdown]
# ## 2 · Your first answer
#
# ### `add`
#
# *difficulty 1/5 · importance 5/5 · about 5 minutes · 100 points*
#
# Notes: 000 §1.1.1 · 001 基本操作/相加
#
# Every exercise of this course looks like this one: a line that says how hard it is, a few sentences, a formula, an example small
# enough to do
# by hand, hints, then a cell for you and a cell that checks it.
#
# Add two tensors (张量) of the same shape, entry by entry:
#
# $$Z_{ij} = X_{ij} + Y_{ij}$$
#
# **By hand.** $\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} + \begin{pmatrix} 10 & 30 \\ 20 & 50 \end{pmatrix} =
# \begin{pmatrix} 11 & 32 \\ 23 & 54 \end{pmatrix}$
#
# **The answer.** In the cell below, delete the line `raise NotImplementedError()` and write in its place
#
# ```python
#     return X + Y
# ```
#
# with the four spaces in front. Then run the cell, and the check under it.
#
# <details><summary>Hint 1: a nudge</summary>
#
# Click on the triangle beside a hint to open it, as you just did. In later notebooks the first hint is a nudge in the right direction.
# </details>
#
# <details><summary>Hint 2: nearly the answer</summary>
#
# The second hint says nearly everything. Here that is: `return X + Y`.
# </details>
#
# <details><summary>Help: I see NotImplementedError</summary>
#
# The line `raise NotImplementedError()` is still there, or you have not run the cell again since you deleted it. A function is
# what it was when
# its cell last ran.
# </details>
#
# <details><summary>Help: I see IndentationError</summary>
#
# Python reads the spaces at the beginning of a line. The line with `return` needs four of them, because it is inside the function.
# </details>
#
# <details><summary>Help: I see NameError: name 'check_equal' is not defined</summary>
#
# The first code cells of the notebook have not run since the kernel started. Run them, then come back.
# </details>


# %% nbgrader={"grade": false, "grade_id": "add", "locked": false, "schema_version": 3, "solution": true, "task": false}
def add(X, Y):
    """Sum of two tensors, entry by entry.

    X, Y: tensors of the same shape and dtype, left unchanged.
    Returns: a new tensor of this shape and dtype.
    """
    ### BEGIN SOLUTION
    return X + Y
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_add", "locked": true, "points": 100, "schema_version": 3, "solution": false, "task": false}
_X, _Y = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[10.0, 30.0], [20.0, 50.0]])
check_equal(add(_X, _Y), torch.tensor([[11.0, 32.0], [23.0, 54.0]]), "add(X, Y)")
check_equal(_X, torch.tensor([[1.0, 2.0], [3.0, 4.0]]), "X after the call (it should be left unchanged)")
check_promises(add, _X, _Y)

# %% [markdown]
# A **✓** under a check means that it found nothing wrong; a red sentence that begins with **✗** says what is.
#
# ## 3 · A mistake on purpose
#
# You will read many error messages in this course, so let us read one while nothing is at stake.
#
# 1. In your answer, change `X + Y` to `X - Y`. Run the cell, then the check.
# 2. A red sentence appears. It should say
#    > `✗ add(X, Y): 4 of 4 entries are wrong; the largest difference, 100, is at [1, 1]: -46 where 54 is expected.`
#
#    which names what was looked at, how much of it is wrong, where to look, and what was there instead. (If your code raises an
#    error itself, Python shows a longer box. **Read its last line first**; the lines above it only tell how Python got there.)
# 3. Try `return X.sum()` as well, and `return (X + Y).long()`, and no `return` at all. Each has a message of its own: a check
#    looks at the type
#    first, then at the shape (形状), then at the dtype (数据类型), then at the numbers.
# 4. Put `return X + Y` back, and run both cells again.
#
# The checks are examples. Behind them works a hidden grader that asks the same function more: other shapes, other numbers, whether
# gradients (梯度)
# flow, whether it leaves its inputs alone. It marks each of these on its own and tells you in such sentences what it found.
#
# ## 4 · What the course works with
#
# Run this cell for a first look at the data that your programs will learn to read. Cells like this one only show something: they
# need no
# answer and carry no points.

# %% active="ipynb" nbgrader={"grade": false, "grade_id": "demo_digits", "locked": true, "schema_version": 3, "solution": false, "task": false}
# X_train, y_train, _, _ = digits()
# show_images(X_train[:24], y_train[:24].tolist())
# show_images(add(X_train[:8], X_train[8:16]) / 2, [f"{int(a)} + {int(b)}" for a, b in zip(y_train[:8], y_train[8:16])])

# %% [markdown]
# The last row is made by your `add`: pictures are tensors, so they can be added.
#
# ## 5 · A question in words
#
# Some questions have no program as an answer. People read and mark them; they give extra credit on top of the 100 points.
#
# **Question (1 point of extra credit).** In a sentence or two: what would you like to be able to build at the end of this course?
# Double-click the cell below, replace its text, and run it. Every written question is answered so: in its own cell, or, if you
# like, in a Markdown cell of your own right below it.

# %% [markdown] nbgrader={"grade": true, "grade_id": "written_hello", "locked": false, "points": 0, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# **Model answer.** "A program that sorts the photographs of my hiking trips by mountain, because I never remember their names."
#
# **Marking scheme.** 1 point for any answer in the student's own words; 0 for an empty cell.
# ### END SOLUTION

# %% [markdown]
# ## 6 · Check, submit, read
#
# 1. **Run everything once more**, from the top: *Kernel → Restart Kernel and Run All Cells*. What works only in a certain order of
#    clicks does
#    not work for the grader either.
# 2. **Save** the notebook (Ctrl + S).
# 3. **Validate** it (the *Validate* button, where your Jupyter has one): it runs all checks and tells you which fail.
# 4. **Submit** it the way your course announces. Keep the file's name, and do not delete or copy cells: the grader finds your
#    answers by the names
#    of their cells. You may add cells of your own as you please. Helpers of your own may stand in cells of your own, above the
#    exercise that uses them. Below its check the name of an exercise is yours again: what counts is what it was at the check.
#    Lines for the shell (`!pip install …`) do nothing in the grader.
# 5. **Read the feedback.** For each exercise it lists what was looked at, what was found, and a hint where something was wrong.
#    You may usually hand in
#    again.
#
# That is the whole way. From **ps01** on it leads somewhere: tensors first, and after a handful of notebooks a network that you
# have written yourself,
# down to its gradients.
