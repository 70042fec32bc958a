"""Two installations, a county's and the city's, one of them killed in between: no matter is lost, none is there twice.

Each is a server of its own on its own database. `pytest -m crash tests/crash/test_exchange.py`
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .house import House, children, house, until
from .test_killed import killed

pytestmark = pytest.mark.crash
COUNTY, CITY, MATTERS = "330114", "330100", 12
FILE = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n" + bytes(range(256)) * 1_500
"""Goes up in three parts."""
LATER, ANSWER = FILE[:200] + b"later ", FILE + b"answer "
"""Added below once the matter is above, and above before it is answered."""

SHAS = "select sha256 from cases_attachment order by sha256"
SWEEP = """
import contextlib
from procrastinate.exceptions import AlreadyEnqueued
from bihuan.mechanisms.escalation.tasks import sweep
with contextlib.suppress(AlreadyEnqueued):
    sweep.defer(timestamp=0)
"""
PEOPLE = """
from bihuan.foundation.accounts import services, selectors
from bihuan.foundation.accounts.factories import make_holder
from bihuan.casework.cases.permissions import Actor
from bihuan.foundation.kernel import clock
from bihuan.mechanisms.escalation import services as escalation
now = clock.now()
centre = make_holder('coordinator', region='{region}', username='coordinator')
admin = make_holder('system_admin', region='{region}', username='sysadmin')
escalation.register_peer(name='other', url='{url}', public_key='{key}', region='{other}',
    actor=Actor(reader=selectors.reader_of(admin.pk)), now=now)
open('{path}', 'w').write(services.issue_token(person_id=centre.pk, name='t', now=now))
"""


def ask(installation: House, path: str, body: dict | None = None, token: str = "") -> dict:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{installation.port}/api/v1{path}", data, headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def upload(installation: House, number: str, content: bytes, token: str) -> None:
    """Add a file to a case."""
    edge = "edge-of-a-part"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'.encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={edge}", "Authorization": f"Bearer {token}"}
    url = f"http://127.0.0.1:{installation.port}/api/v1/cases/{number}/attachments"
    body = head + content + f"\r\n--{edge}--\r\n".encode()
    urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=20).close()


def resume(installation: House, first: int) -> None:
    """Wait for another worker, and let it take up at once what the killed one had in hand, not after its lease."""

    def workers() -> set[int]:
        return {pid for pid, line in children(installation.process.pid).items() if "granian" not in line}

    until(lambda: workers() - {first}, seconds=30, what="another worker")
    with installation.database() as connection:
        connection.execute("update escalation_message set next_at = now() where delivered_at is null")
    installation.python(SWEEP)


def rows(installation: House, question: str) -> list[tuple]:
    with installation.database() as connection:
        return connection.execute(question).fetchall()


@pytest.fixture(scope="module")
def levels():
    """Both installations, known to each other; yields (county, its token, city, its token)."""
    scratch = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="bihuan-exchange-", dir=scratch))
    folder.chmod(0o755)
    setting = folder / "notifications.toml"
    setting.write_text('internal_networks = ["127.0.0.0/8"]\n')
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        made = []
        for name, region in (("county", COUNTY), ("city", CITY)):
            (folder / name).mkdir(mode=0o755)
            made.append(house(folder / name, region=region, BIHUAN_NOTIFICATIONS=str(setting)))
        with ThreadPoolExecutor(2) as both:
            county, city = both.map(stack.enter_context, made)

        def introduce(one: House, region: str, other: House, other_region: str, name: str) -> str:
            key, path = ask(other, "/exchange/identity")["public_key"], folder / f"{name}.token"
            url = f"http://127.0.0.1:{other.port}"
            one.python(PEOPLE.format(region=region, other=other_region, url=url, key=key, path=path))
            return path.read_text()

        yield (
            county,
            introduce(county, COUNTY, city, CITY, "county"),
            city,
            introduce(city, CITY, county, COUNTY, "city"),
        )


def test_nothing_is_lost_or_doubled_though_one_is_killed_in_between(levels):
    county, county_token, city, city_token = levels
    began = time.monotonic()
    for number in range(MATTERS):
        if number == MATTERS // 3:
            killed(city.web())
        matter = {"title": f"事项 {number}", "description": "区里协调不了。", "region": COUNTY, "channel": "web"}
        raised = ask(county, "/cases", matter | {"anonymous": True})["number"]
        upload(county, raised, FILE + str(number).encode(), county_token)
        body = {"case": raised, "to": CITY, "reason": "市级事权"}
        ask(county, "/escalations", body, county_token)
        upload(county, raised, LATER + str(number).encode(), county_token)
    until(city.ready, seconds=60, what="the city's server")
    first = county.worker()
    killed(first)
    resume(county, first)
    until(
        lambda: rows(county, "select count(*) from escalation_escalation where state = 'received'") == [(MATTERS,)],
        seconds=60,
        what="every matter taken in above",
    )
    taken = rows(city, "select title, number from cases_case where channel = 'below' order by id")
    assert sorted(title for title, _number in taken) == sorted(f"事项 {number}" for number in range(MATTERS))
    last = "select max(seq), count(*) from escalation_heard where direction = 'up' group by thread"
    until(lambda: set(rows(city, last)) == {(5, 5)}, seconds=60, what="every part of every file taken in above")
    files = sorted(
        hashlib.sha256(start + str(number).encode()).hexdigest() for number in range(MATTERS) for start in (FILE, LATER)
    )
    assert [sha for (sha,) in rows(city, SHAS)] == files
    assert rows(city, "select count(*) from escalation_part") == [(0,)]
    first = city.worker()
    killed(first)
    for place, (_title, number) in enumerate(taken):
        upload(city, number, ANSWER + str(place).encode(), city_token)
        ask(city, f"/cases/{number}/actions/decline", {"reason": "not_in_scope", "basis": "属县级事权"}, city_token)
    resume(city, first)
    until(
        lambda: rows(county, "select count(*) from escalation_escalation where state = 'declined'") == [(MATTERS,)],
        seconds=60,
        what="every answer back below",
    )
    for installation, direction in ((county, "up"), (city, "down")):
        unsigned = (
            f"select count(*) from escalation_message where direction = '{direction}'"
            " and (delivered_at is null or receipt_signature = '')"
        )
        until(
            lambda where=installation, what=unsigned: rows(where, what) == [(0,)],
            seconds=20,
            what="a signed receipt for every message",
        )
    answers = [hashlib.sha256(ANSWER + str(place).encode()).hexdigest() for place in range(MATTERS)]
    for installation in (county, city):
        assert [sha for (sha,) in rows(installation, SHAS)] == sorted([*files, *answers])
        assert rows(installation, "select count(*) from escalation_part") == [(0,)]
    sent = rows(city, "select thread, seq, id from escalation_message where direction = 'down' order by 1, 2")
    heard = rows(county, "select thread, seq, id from escalation_heard where direction = 'down' order by 1, 2")
    assert sent == heard
    for installation in (county, city):
        status, report = installation.bihuan("verify")
        assert (status, report["ok"]) == (0, True)
    print(f"{MATTERS} matters up and their answers down in {time.monotonic() - began:.1f} s")  # noqa: T201
