#!/bin/sh
# See to it that the tests find a browser (and, in CI, hledger). What is there is used; what is
# missing is installed where this user may do so; else one line says what to install.
set -eu
cd "$(dirname "$0")/.."

may_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null 2>&1 && return
    apt-get update -qq >/dev/null 2>&1 &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null 2>&1
}

browser_found() { .venv/bin/python scripts/find_browser.py >/dev/null 2>&1; }

if ! browser_found; then
    echo "No Chromium found: asking Playwright for one …"
    .venv/bin/playwright install chromium >/dev/null 2>&1 || true
fi
if ! browser_found && may_apt; then
    echo "Installing Debian's chromium …"
    apt_install chromium || true
fi
if ! browser_found; then
    echo "commonpurse: the browser tests need Chromium. On Debian: sudo apt-get install chromium" >&2
    exit 1
fi
if [ "${CI:-}" = true ] && ! command -v hledger >/dev/null 2>&1 && may_apt; then
    echo "Installing Debian's hledger …"
    apt_install hledger || true
fi
