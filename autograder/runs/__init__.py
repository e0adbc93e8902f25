"""Many submissions: workers on this machine, and beyond it."""
