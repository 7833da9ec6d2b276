#!/bin/sh
# Make .venv from nothing but Python 3.11 or newer: first uv, with its hash, then everything else.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
stop() { printf 'commonpurse: %s\n' "$*" >&2; exit 1; }

python_is_new() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

python_find() {
    for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3.14 python3 python; do
        if command -v "$name" >/dev/null 2>&1 && python_is_new "$name"; then
            command -v "$name"
            return
        fi
    done
    stop "Python 3.11 or newer was not found. Install it, or name it: make demo PYTHON=/path/to/python3.11"
}

# Debian splits venv and pip from Python; as root they are installed, else one line says how.
venv_make() {
    "$1" -m venv "$2" 2>/dev/null && return
    rm -rf "$2"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing Debian's python3-venv …"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
        "$1" -m venv "$2" && return
    fi
    stop "this Python cannot make a virtual environment. On Debian or Ubuntu: sudo apt-get install python3-venv"
}

python=$(python_find)
if [ -x .venv/bin/python ] && ! python_is_new .venv/bin/python; then
    rm -rf .venv
fi
say "Installing what Commonpurse needs into .venv (about 870 MB, once) …"
if [ ! -x .venv/bin/python ]; then
    venv_make "$python" .venv
fi
if [ ! -x .venv/bin/uv ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        -r requirements/uv.lock
fi
# A network that signs its own certificates is known to the system's store, not to uv's own.
sync() { .venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes "$@" requirements/dev.lock; }
sync 2>/dev/null || sync --system-certs

# The checkout itself, without a build: a path file and the `purse` command.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
pwd > "$site/commonpurse.pth"
cat > .venv/bin/purse <<EOT
#!$(pwd)/.venv/bin/python
import sys

from commonpurse.cli.main import main

sys.exit(main())
EOT
chmod +x .venv/bin/purse
say "Installed."
