"""pytest with hidden graders in it: the plugin, its fixtures, and the loop over submissions."""
