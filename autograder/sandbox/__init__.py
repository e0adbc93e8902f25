"""Where student code runs: the warm process, the guard of a submission, the notebook runner and the student's end of the line."""
