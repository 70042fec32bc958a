"""What a process says of its memory is its own, whoever started it."""

import subprocess
import sys

ASK = "from bihuan.foundation.kernel import memory; print(memory.peak_mib())"
STARTED_BY_A_LARGE_ONE = f"""
import subprocess, sys
held = bytearray(300 << 20)
print(subprocess.run([sys.executable, "-c", {ASK!r}], capture_output=True, text=True, check=True).stdout)
"""


def test_a_small_process_says_little_though_a_large_one_started_it():
    found = subprocess.run([sys.executable, "-c", STARTED_BY_A_LARGE_ONE], capture_output=True, text=True, check=True)
    assert 2 < float(found.stdout) < 200


def test_what_was_held_once_is_counted_when_it_is_gone():
    code = f"held = bytearray(300 << 20); held = None; {ASK}"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(found.stdout) > 300
