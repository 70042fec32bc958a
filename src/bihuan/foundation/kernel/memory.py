"""How much memory this process has needed."""

import resource
from pathlib import Path


def peak_mib() -> float:
    """Return the most memory this process has held at once, in MiB.

    Asks Linux for its own high-water mark. `getrusage` answers where there is no such mark, and there it may name more:
    it counts what whoever started the process held at that moment.
    """
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
