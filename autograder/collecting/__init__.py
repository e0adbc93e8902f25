"""What learning platforms hand over, laid into nbgrader's `submitted/<student>/<assignment>/`.

One file a system says how its download names people and times (`canvas`, `moodle`, `gradescope`, `folder`, `git`): each makes `Attempt`s of a `Bundle`.
`matching` finds the students of the roster for them, `hand_over` lays the files out.

nbgrader's own `zip_collect` is not used underneath: it unpacks whatever an archive holds, without a limit, knows of people only what one regular expression
finds in a file's name, ends at the first file that two attempts share when no times are known, and writes over what stands in `submitted/`.
"""
