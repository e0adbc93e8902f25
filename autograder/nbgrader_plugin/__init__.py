"""nbgrader with the hidden grader in it, by configuration only."""
