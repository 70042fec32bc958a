"""双随机: committed, fixed, revealed; a stranger draws again and finds the same."""

import hashlib
from collections import Counter

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bihuan.casework.cases.factories import NOW
from bihuan.foundation.kernel import clock, database, errors
from bihuan.mechanisms.inspections import selectors, services
from bihuan.mechanisms.inspections.models import Draw, DrawTarget
from bihuan.mechanisms.inspections.rules import drawing
from bihuan.mechanisms.inspections.rules.drawing import Hand, Pool, Target
from bihuan.mechanisms.inspections.services import Lots
from bihuan.mechanisms.inspections.tests.conftest import DAY, HOUR, SOON
from bihuan.mechanisms.inspections.tests.test_web import browser, caller

AT = NOW + DAY
AFTER = AT + HOUR
POOLS = st.lists(st.tuples(st.uuids().map(str), st.integers(1, 6)), max_size=12, unique_by=lambda one: one[0])


def targets(found) -> list[Target]:
    return [Target(name=name, weight=weight) for name, weight in found]


@given(pool=POOLS, seed=st.text(min_size=1, max_size=20))
def test_an_order_is_of_all_and_can_be_repeated_from_any_order(pool, seed):
    order = drawing.order(seed, targets(pool))
    assert sorted(order) == sorted(name for name, _weight in pool)
    assert drawing.order(seed, targets(pool[::-1])) == order


@given(pool=POOLS, seed=st.text(min_size=1, max_size=20), recused=st.sets(st.integers(0, 5)))
def test_nobody_who_is_recused_comes_and_more_officers_only_help(pool, seed, recused):
    hands = [Hand(id=str(n), body="hw"[n % 2]) for n in range(6)]
    for name, _weight in pool:
        out = {(str(n), name) for n in recused}
        crew = drawing.crew(seed, name, hands, bodies=["h", "w"], recused=out, need=2)
        assert not {one for ids in crew.values() for one in ids} & {str(n) for n in recused}
        for body in ("h", "w"):
            able = [hand for hand in hands if hand.body == body and int(hand.id) not in recused]
            assert len(crew[body]) == min(2, len(able))


def test_a_weight_of_two_comes_first_twice_as_often():
    pool = targets([("a", 1), ("b", 2), ("c", 3)])
    first = Counter(drawing.order(str(seed), pool)[0] for seed in range(6000))
    assert abs(first["a"] - 1000) < 120
    assert abs(first["b"] - 2000) < 150
    assert abs(first["c"] - 3000) < 150


def test_whatever_is_fixed_is_in_the_hash_of_the_pool():
    whole = Pool(targets=tuple(targets([("a", 1)])), hands=(Hand(id="1", body="h"),), recused=frozenset())
    others = [
        Pool(targets=tuple(targets([("a", 2)])), hands=whole.hands, recused=frozenset()),
        Pool(targets=whole.targets, hands=(Hand(id="1", body="w"),), recused=frozenset()),
        Pool(targets=whole.targets, hands=whole.hands, recused=frozenset({("1", "a")})),
    ]
    assert len({drawing.pool_hash(one) for one in (whole, *others)}) == 4


@pytest.fixture
def place(bureau, firm_of):
    """Six more enterprises, of the classes of Jiaozhou."""
    bureau.rule("jiaozhou")
    bureau.rate(bureau.firm)
    bureau.rate(bureau.other_firm)
    bureau.firms = [firm_of(serial) for serial in range(400, 406)]
    for number, firm in enumerate(bureau.firms):
        bureau.record(firm=firm, severity="serious" if number % 2 else "minor")
        bureau.rate(firm)
    return bureau


def lots(bureau, **given) -> Lots:
    values = {
        "title": "消防双随机抽查",
        "items": [bureau.items["housing"].id, bureau.items["water"].id],
        "count": 2,
        "on": SOON,
        "draw_at": AT,
    }
    return Lots(**values | given)


def committed(bureau, **given) -> Draw:
    return services.commit_draw(
        department=bureau.department("housing"), lots=lots(bureau, **given), actor=bureau.liaison(), now=NOW
    )


def act(bureau, draw, action, *, now=NOW, actor=None, **body) -> Draw:
    return services.take_draw(draw_id=draw.id, action=action, actor=actor or bureau.liaison(), now=now, body=body)


def drawn(bureau, **given) -> Draw:
    draw = committed(bureau, **given)
    act(bureau, draw, "fix_pool")
    return act(bureau, draw, "draw", now=AFTER)


def by_a_stranger(proof):
    """Draw again with nothing but the file and SHA-256."""

    def sha(text):
        return hashlib.sha256(text.encode()).hexdigest()

    assert sha(proof["seed"]) == proof["seed_hash"]
    lines = [f"t {one['target']} {one['weight']}" for one in proof["targets"]]
    lines += [f"o {one['id']} {one['body']}" for one in proof["officers"]]
    lines += [f"r {officer} {target}" for officer, target in proof["recused"]]
    assert sha("\n".join(sorted(lines))) == proof["pool_hash"]
    places = {
        one["target"]: min(sha(f"{proof['seed']}:{one['target']}:{n}") for n in range(1, one["weight"] + 1))
        for one in proof["targets"]
    }
    return sorted(places, key=lambda name: (places[name], name))


def test_the_seed_stays_unknown_until_the_pool_is_fixed_and_the_instant_has_come(place):
    draw = committed(place)
    assert (draw.seed, len(draw.seed_hash)) == ("", 64)
    assert draw.seed_hash not in draw.seed_sealed
    with pytest.raises(errors.Conflict) as early:
        act(place, draw, "draw", now=AFTER)
    assert early.value.code == "seed_early"
    assert act(place, draw, "fix_pool").state == "pooled"
    with pytest.raises(errors.Conflict) as early:
        act(place, draw, "draw", now=AT - HOUR)
    assert early.value.code == "seed_early"
    with database.writing():
        assert Draw.objects.get(pk=draw.pk).seed == ""
    assert selectors.proof(selectors.find_draw(draw.id))["seed"] is None
    with pytest.raises(IntegrityError), transaction.atomic(), database.writing():
        Draw.objects.filter(pk=draw.pk).update(seed="x")


def test_a_pool_is_not_fitted_to_a_seed_that_could_be_known(place):
    draw = committed(place)
    with pytest.raises(errors.Conflict) as late:
        act(place, draw, "fix_pool", now=AFTER)
    assert late.value.code == "pool_late"


def test_the_best_class_is_spared_and_a_stranger_draws_the_same(place):
    draw = drawn(place)
    proof = selectors.proof(draw)
    order = by_a_stranger(proof)
    assert len(order) == len(place.firms)
    assert [one["target"] for one in sorted(proof["drawn"], key=lambda one: one["rank"])] == order[:2]
    rows = selectors.targets_of(draw)
    assert place.firm.id not in {row.enterprise_id for row in rows}
    assert {row.weight for row in rows} == {2, 6}
    assert selectors.recomputed(draw, seed=draw.seed) == dict.fromkeys(("seed", "pool", "order", "officers"), True)
    # Of so few officers another seed may draw the same.
    other = selectors.recomputed(draw, seed="x")
    assert (other["seed"], other["pool"], other["order"]) == (False, True, False)
    checks = [row.check_made for row in rows if row.outcome == "registered"]
    assert [(one.kind, one.state, len(one.bodies)) for one in checks] == [("random", "registered", 2)] * 2
    assert sorted(one.on for one in checks) == [SOON, SOON + DAY]


def test_who_was_drawn_is_told_to_the_public_once_the_enterprise_knows(place):
    draw = drawn(place, count=1)
    row = next(row for row in selectors.targets_of(draw) if row.outcome)
    told = selectors.proof(draw)["drawn"][0]
    assert (told["enterprise"], told["salt"]) == (None, None)
    page = browser().get(f"/inspections/draws/{draw.id}/").content.decode()
    assert row.enterprise.name not in page
    assert row.enterprise.name in browser(place.liaison("water")).get(f"/inspections/draws/{draw.id}/").content.decode()
    check = row.check_made
    with clock.at(AFTER):
        place.take(check, "approve", actor=place.liaison(role="department_head"), now=AFTER)
    told = selectors.proof(draw)["drawn"][0]
    assert told["target"] == hashlib.sha256(f"{told['salt']}:{told['enterprise']}".encode()).hexdigest()
    assert row.enterprise.name in browser().get(f"/inspections/draws/{draw.id}/").content.decode()


def test_whom_the_gate_spares_is_followed_by_the_next(place):
    draw = committed(place, count=3)
    act(place, draw, "fix_pool")
    for firm in place.firms[:3]:
        place.book(firm=firm, on=SOON, kind="planned")
    draw = act(place, draw, "draw", now=AFTER)
    rows = [row for row in selectors.targets_of(draw) if row.outcome]
    counts = Counter(row.outcome for row in rows)
    assert counts["registered"] == 3
    # Whoever is checked for the same already is drawn, spared, and shown as such.
    spared = {row.enterprise_id for row in rows if row.outcome == "spared"}
    assert spared <= {firm.id for firm in place.firms[:3]}
    assert {one["code"] for row in rows if row.outcome == "spared" for one in row.check_made.reasons} <= {"repeat"}


def test_a_recused_officer_is_not_drawn(place):
    place.enter("officer", department="housing", name="housing3", certificate="housing-3", until="2030-12-31")
    out = place.officers["housing"][0]
    for firm in place.firms:
        place.list_action("officer", out, "recuse", enterprise=firm.uscc, text="近亲属")
    draw = drawn(place)
    for row in selectors.targets_of(draw):
        assert str(out.id) not in {one for ids in row.crew.values() for one in ids}
    assert len(selectors.proof(draw)["recused"]) == len(place.firms)


def test_a_voided_draw_tells_its_seed_too(place):
    draw = committed(place)
    act(place, draw, "fix_pool")
    with pytest.raises(errors.Invalid):
        act(place, draw, "void")
    done = act(place, draw, "void", text="名单有误")
    assert hashlib.sha256(done.seed.encode()).hexdigest() == done.seed_hash
    with pytest.raises(errors.Conflict):
        act(place, draw, "draw", now=AFTER)


def test_what_was_fixed_never_changes(place):
    draw = drawn(place)
    for change in (
        lambda: Draw.objects.filter(pk=draw.pk).update(seed_hash="0" * 64),
        lambda: Draw.objects.filter(pk=draw.pk).update(pool_hash="0" * 64),
        lambda: DrawTarget.objects.filter(draw=draw).update(weight=9),
        lambda: DrawTarget.objects.filter(draw=draw).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), database.writing():
            change()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", ""),
        ("items", ()),
        ("count", 0),
        ("count", 501),
        ("per_day", 0),
        ("on", NOW.date()),
        ("draw_at", NOW),
        ("grades", ("Z",)),
    ],
)
def test_what_is_wrong_with_a_draw_is_named(place, field, wrong):
    with pytest.raises(errors.Invalid) as caught:
        committed(place, **{field: wrong})
    assert caught.value.field == field


def test_too_small_a_pool_or_too_few_officers(place):
    with pytest.raises(errors.Conflict) as small:
        act(place, committed(place, count=7), "fix_pool")
    assert small.value.code == "pool_small"
    place.list_action("officer", place.officers["water"][0], "withdraw", text="调离")
    with pytest.raises(errors.Conflict) as few:
        act(place, committed(place), "fix_pool")
    assert few.value.code == "officers_few"


def test_pages_and_rest(place):
    office = browser(place.liaison())
    assert office.get("/inspections/draws/new/").status_code == 200
    given = {"title": "抽查", "items": [str(place.items["housing"].id)], "count": "1", "on": SOON.isoformat()}
    given |= {"draw_at": AT.strftime("%Y-%m-%dT%H:%M"), "per_day": "1", "grades": ["C"]}
    made = office.post("/inspections/draws/new/", given)
    assert made.status_code == 302
    path = made["Location"]
    assert office.post(f"{path}do/fix_pool/").status_code == 302
    assert office.post(f"{path}do/draw/").status_code == 409
    stranger = browser()
    assert stranger.post(f"{path}do/draw/").status_code in {302, 401, 403}
    with clock.at(AFTER):
        assert browser(place.liaison()).post(f"{path}do/draw/").status_code == 302
        proof = stranger.get(f"{path}proof.json").json()
        assert by_a_stranger(proof)[0] == proof["drawn"][0]["target"]
        page = stranger.get(f"{path}?seed={proof['seed']}").content.decode()
        assert page.count("<b>yes</b>") == 4
        assert stranger.get("/inspections/draws/").status_code == 200
        api = Client(headers={"Accept-Language": "en"})
        (row,) = api.get("/api/v1/inspections/draws").json()["items"]
        assert (row["state"], row["available_actions"]) == ("drawn", [])
        assert api.get(f"/api/v1/inspections/draws/{row['id']}/proof").json()["seed"] == proof["seed"]
        body = given | {"count": 1, "draw_at": (AFTER + HOUR).isoformat()}
        made = caller(place.liaison()).post("/api/v1/inspections/draws", body, content_type="application/json")
        assert (made.status_code, made.json()["seed"]) == (201, None)
        took = caller(place.liaison()).post(
            f"/api/v1/inspections/draws/{made.json()['id']}/actions/draw", {}, content_type="application/json"
        )
        assert (took.status_code, took.json()["code"]) == (409, "seed_early")
        wrong = caller(place.liaison()).post(
            "/api/v1/inspections/draws", body | {"draw_at": "soon"}, content_type="application/json"
        )
        assert (wrong.status_code, wrong.json()["field"]) == (422, "draw_at")
