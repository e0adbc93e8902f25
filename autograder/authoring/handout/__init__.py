"""`autograder handout`: what students get.

`contents` says which files that is, from the releases alone; `target` lays them into a folder, whose manifest tells the next hand-out what is as it was handed
out and may be replaced; `archive` and `repository` are the other two forms.
"""
