#!/bin/sh
# Install the Debian packages that only the tests need, when this is root on a machine with apt; else say what is missing.
# Exit status 1 when something is missing that could not be installed.
set -eu
want=""
need() { # need PACKAGE TEST-COMMAND…
    package="$1"
    shift
    "$@" >/dev/null 2>&1 || want="$want $package"
}
need chromium sh -c 'command -v chromium || command -v chromium-browser || command -v google-chrome'
need fonts-noto-cjk sh -c 'ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc || fc-list :lang=zh | grep .'
need libpango-1.0-0 sh -c 'ldconfig -p | grep libpango-1.0.so.0'
need gettext sh -c 'command -v xgettext'
need postgresql sh -c 'ls -d /usr/lib/postgresql/*/bin/postgres'
[ -n "$want" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Debian packages for the tests:$want"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq </dev/null
    # The tests start PostgreSQL themselves; a cluster of the package's own would only take memory.
    mkdir -p /etc/postgresql-common/createcluster.d
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/bihuan-tests.conf
    # shellcheck disable=SC2086
    apt-get install -y -qq --no-install-recommends $want </dev/null >/dev/null
else
    echo "Missing for the full test run, and only root can install it here:$want" >&2
    echo "  sudo apt-get install$want" >&2
    exit 1
fi
