"""What a verdict depends on, by the imports of the kit."""

import grimp

from autograder.runs.journal import JUDGING


def test_a_change_of_any_package_that_a_verdict_depends_on_is_a_reason_to_judge_again():
    graph = grimp.build_graph("autograder", cache_dir=None)
    needed = {name.split(".")[1] for name in graph.find_upstream_modules("autograder.pytest_plugin.loop") if "." in name}
    assert "sandbox" in needed
    assert needed <= set(JUDGING)
