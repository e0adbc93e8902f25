from autograder.nbgrader_plugin.configuration import or_stop

with or_stop():
    load_subconfig("course_config.py")  # noqa: F821 - given by nbgrader
