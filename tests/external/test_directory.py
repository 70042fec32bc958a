"""Credit codes and regions against data that nobody here wrote (../shared/data/uscc and gb2260)."""

import csv
import io
import json
import time
from importlib import resources
from pathlib import Path

import pytest

from bihuan.foundation.directory import rules, selectors, services
from bihuan.foundation.directory.factories import NOW
from bihuan.foundation.directory.models import Region
from bihuan.foundation.directory.permissions import OPERATOR

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(
        not FOLDER.is_dir(), reason=f"{FOLDER} is not there: this check needs the data beside the project"
    ),
]
# The list comes from a test suite and holds these two beside the real codes, as examples of wrong ones.
WRONG = {"91110000600037341N": "check_digit", "A1110000600037341L": "check_digit"}


def test_real_credit_codes_pass_and_the_two_wrong_ones_do_not():
    codes = (FOLDER / "uscc" / "codes.txt").read_text().split()
    assert len(codes) >= 200
    flaws = {code: flaw[0] for code in codes if (flaw := rules.uscc_flaw(code))}
    assert flaws == WRONG


def _theirs() -> dict[str, str]:
    found = {}
    for name in ("provinces.json", "cities.json", "areas.json"):
        for row in json.loads((FOLDER / "gb2260" / name).read_text(encoding="utf-8")):
            found[row["code"].ljust(6, "0")] = row["name"]
    return found


def test_the_packaged_regions_carry_the_same_names():
    packaged = resources.files("bihuan.foundation.directory") / "gb2260" / "regions.csv"
    theirs = _theirs()
    rows = list(csv.DictReader(io.StringIO(packaged.read_text(encoding="utf-8"))))
    wrong = [
        row["code"]
        for row in rows
        # Past ones are not in theirs; Taiwan, Hong Kong and Macao stand in another file without codes.
        if not row["valid_to"] and row["code"] not in {"710000", "810000", "820000"}
        if theirs.get(row["code"]) != row["name"]
    ]
    assert wrong == []
    ours = {row["code"] for row in rows}
    assert {code for code in theirs if code.startswith("33")} <= ours


@pytest.mark.django_db
def test_the_whole_country_comes_in_with_its_towns_and_only_once():
    services.load_packaged_regions(now=NOW)
    path = FOLDER / "gb2260" / "pcas-code.json"
    counts = []
    for _ in range(2):
        started = time.monotonic()
        with path.open("rb") as file:
            report = services.import_regions(file=file, filename=path.name, actor_id=OPERATOR, now=NOW)
        counts.append((report.created, report.updated, report.unchanged, len(report.refused)))
        assert time.monotonic() - started < 60
    assert counts[0][0] > 44_000
    assert counts[1] == (0, 0, sum(counts[0][:3]), 0)
    assert Region.objects.filter(level="town").count() == 41_352
    assert [region.name for region in selectors.region_path("330114006")][:3] == ["浙江省", "杭州市", "钱塘区"]
    assert selectors.region("330104").valid_to is not None
