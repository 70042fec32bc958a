import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bihuan.foundation import postgres

SCRATCH = "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"
"""Memory where there is some: the suite makes and copies dozens of clusters."""

HOLDER = """
import sys
from bihuan.foundation import postgres
print(postgres.ensure(sys.argv[1]), postgres.status(sys.argv[1]).pid, flush=True)
sys.stdin.readline()
print(postgres.stop(sys.argv[1]), flush=True)
"""


@pytest.fixture
def base(monkeypatch):
    """A folder everyone may enter: pytest's own lies in one that only its user can, which is a case of its own."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=SCRATCH))
    folder.chmod(0o755)
    monkeypatch.delenv("BIHUAN_USER", raising=False)
    monkeypatch.setenv("BIHUAN_SERVER_HOME", str(folder / "server-home"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data_dir(base):
    """A data folder that does not exist yet, whose server is stopped afterwards whatever happened."""
    folder = base / "data"
    yield folder
    with contextlib.suppress(postgres.PostgresProblem):
        postgres.stop(folder, force=True)


@pytest.fixture(scope="session")
def pattern():
    """A cluster made once, to be copied by tests that are not about making one."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=SCRATCH))
    folder.chmod(0o755)
    postgres.ensure(folder / "data")
    postgres.stop(folder / "data")
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture
def made(data_dir, pattern):
    """A data folder with a whole cluster, not running."""
    subprocess.run(["cp", "-a", pattern, data_dir], check=True)
    return data_dir


@pytest.fixture
def holder(data_dir):
    """Start other processes that hold the server until they are told to leave."""
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def root():
    if os.geteuid() != 0:
        pytest.skip("needs root")
