"""Notebooks: the master of an assignment, what a student sent, and the plan of what is run."""
