"""What gets installed is what was tested: locked, hashed, and in line with pyproject.toml."""

import re
import tomllib

import pytest

from tests.architecture import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def _locked(name: str) -> dict[str, str]:
    """Package → the lines that pin it: version, marker, hashes."""
    text = (ROOT / "requirements" / name).read_text()
    return {m[1]: m[0] for m in re.finditer(r"^([a-z0-9][a-z0-9._-]*)==.*?(?=^[a-z0-9]|\Z)", text, re.M | re.S)}


def _named(requirements: list[str]) -> set[str]:
    return {re.match(r"[A-Za-z0-9._-]+", line)[0].lower().replace("_", "-") for line in requirements}


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt"])
def test_every_pin_has_a_hash_and_no_source(name: str):
    assert [package for package, lines in _locked(name).items() if "--hash=sha256:" not in lines] == []
    assert "://" not in (ROOT / "requirements" / name).read_text()


def test_locks_hold_what_the_project_asks_for():
    groups = PROJECT["dependency-groups"]
    wanted = _named(PROJECT["project"]["dependencies"]) | _named(groups["build"])
    assert wanted - set(_locked("runtime.txt")) == set()
    assert (wanted | _named(groups["dev"])) - set(_locked("dev.txt")) == set()


def test_production_runs_the_versions_that_were_tested():
    pin = re.compile(r"==(\S+)")
    runtime, dev = _locked("runtime.txt"), _locked("dev.txt")
    assert [p for p, lines in runtime.items() if pin.search(lines)[1] != pin.search(dev[p])[1]] == []
