"""What people outside script against is still there, and the glossary knows every word of it."""

import re

import click
import pytest
from django.urls import get_resolver

from bihuan.casework.cases.rules.bodies import BODIES
from bihuan.casework.cases.states import MACHINE, CaseState, ClosedKind
from bihuan.foundation.accounts.roles import Role
from tests.architecture import ROOT
from tests.architecture.test_doors import _views

ROLES = """enterprise seat coordinator catch_all liaison department_head board_head leader supervision_office discipline
justice_supervisor deputy observer special_supervisor system_admin security_admin audit_admin""".split()
ACTIONS = """accept decline request_supplement supplement dispatch sign object rule_objection submit_plan rate_plan
report_progress ask_enterprise answer suspend resume request_extension decide_extension co_reply reply verify_return
verify_close confirm deny rate reopen withdraw merge escalate archive""".split()
STATES = """submitted supplement_requested declined merged accepted dispatched objected signed handling
awaiting_enterprise suspended replied verifying closed reopened archived""".split()
KINDS = "resolved explained alternative tracked withdrawn".split()
ROUTES = """cases cases/<number> cases/<number>/actions/<action> cases/<number>/events cases/<number>/proof
track/<number> scoreboard""".split()
COMMANDS = """serve worker migrate demo user token import sweep verify rulebook export doctor scoreboard""".split()

GLOSSARY = set(re.findall(r"`([a-z_]+)`", (ROOT / "docs" / "glossary.md").read_text()))


def test_ids_are_the_promised_ones():
    assert {role.value for role in Role} == set(ROLES)
    assert {state.value for state in CaseState} == set(STATES)
    assert {kind.value for kind in ClosedKind} == set(KINDS)


def test_every_promised_action_exists_with_its_body():
    assert set(ACTIONS) - {row.action for row in MACHINE.transitions} == set()
    assert set(ACTIONS) - set(BODIES) == set()


def test_the_glossary_knows_every_word():
    words = {*ROLES, *STATES, *KINDS, *(row.action for row in MACHINE.transitions)}
    assert words - GLOSSARY == set()


@pytest.mark.parametrize("route", ROUTES)
def test_promised_routes_answer(route: str):
    paths = {re.sub(r"<\w+:", "<", path).rstrip("/") for path, _view in _views(get_resolver().url_patterns)}
    assert f"api/v1/{route}" in paths


def test_promised_commands_exist():
    from bihuan.delivery.cli import root

    context = click.Context(root)
    assert set(COMMANDS) - set(root.list_commands(context)) == set()
    assert [name for name in COMMANDS if root.get_command(context, name) is None] == []
