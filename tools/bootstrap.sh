#!/bin/sh
# Make .venv/ what a hashed lock file says: tools/bootstrap.sh runtime|dev|bench (what is compared with, beside dev)
# Needs Python ≥ 3.11 with its venv module; uses uv instead of pip when it is on the PATH (same lock, same result).
set -eu
cd "$(dirname "$0")/.."
lock="requirements/$1.txt"

python=""
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python="$candidate"
        break
    fi
done
if [ -z "$python" ]; then
    echo "Bihuan needs Python 3.11 or newer, and found none. Install it, or name it: make PYTHON=/path/to/python3.11 …" >&2
    exit 1
fi

if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Making the environment .venv/ with $("$python" --version)"
    if ! "$python" -m venv --clear .venv; then
        echo "Python's venv module does not work here. On Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
fi

echo "Installing what $lock lists (once; a minute or two without a warm package cache)"
if uv --version >/dev/null 2>&1; then
    uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock"
    uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
fi
touch ".venv/.installed-$1"
