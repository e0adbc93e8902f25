#!/bin/sh
# Makes sure of bubblewrap, the outer wall of the sandbox: installs it where root and apt are there, else says the one command.
if command -v bwrap >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing bubblewrap"
    apt-get install -y -qq bubblewrap >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq bubblewrap >/dev/null; }
    exit $?
fi
echo "bubblewrap is missing. Install it with: sudo apt-get install -y bubblewrap" >&2
exit 1
