#!/bin/sh
# Brings the browser of the tests in tests/browser where root and apt are there. Never fails: where there is none, those tests are skipped.
have() { { command -v chromium || command -v chromium-browser || command -v google-chrome; } && command -v chromedriver; }
if have >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing chromium"
    install="apt-get install -y -qq --no-install-recommends chromium chromium-driver"
    $install >/dev/null 2>&1 || { apt-get update -qq && $install; } >/dev/null 2>&1
fi
have >/dev/null 2>&1 || echo "no chromium with chromedriver, the tests in a browser are skipped. To have them: sudo apt-get install -y chromium chromium-driver"
