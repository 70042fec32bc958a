"""A rulebook's text changed from a form: only what was meant changes."""

import pytest

from bihuan.foundation.kernel import errors
from bihuan.foundation.rulebooks import editing, flaws, loader, outline, registry

NAMES = loader.names()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_typed_changes_nothing(name):
    text = loader.packaged(name)
    same = {field.path: field.value for field in outline.fields(outline.of(text))}
    assert editing.fill_in(text, same) == text


@pytest.mark.parametrize("name", NAMES)
def test_one_value_changes_and_every_comment_stays(name):
    text = loader.packaged(name)
    changed = editing.fill_in(text, {"tiers.hard.due": "29wd"})
    assert str(loader.load(changed).sections["tiers"].hard.due) == "29wd"
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in changed.splitlines() if line.startswith("#")
    ]


@pytest.mark.parametrize(
    ("path", "typed", "found"),
    [
        ("lights.1.at", "55%", 0.55),
        ("lights.1.at", "0.55", 0.55),
        ("extension.max_times", "2", 2),
        ("extension.before_expiry", "false", False),
        ("suspension.reasons.0.en", "no", "no"),
        ("calendar.timezone", "Asia/Urumqi", "Asia/Urumqi"),
    ],
)
def test_values_mean_what_the_field_means(path, typed, found):
    value = loader.load(editing.fill_in("", {path: typed})).sections
    steps = outline.steps(path)
    value = value[steps[0]].model_dump(mode="python")
    for step in steps[1:]:
        value = value[step]
    assert value == found


def test_boxes_are_a_list():
    text = editing.fill_in("", {"lights.1.consequences": ["remind", "webhook"]})
    assert loader.load(text).sections["lights"].root[1].consequences == ("remind", "webhook")
    assert "[remind, webhook]" in text


def test_an_emptied_value_falls_back_to_the_default():
    text = "# why\ntiers:\n  hard: {due: 20wd}\n"
    assert editing.fill_in(text, {"tiers.hard.due": ""}).strip() == "# why"


def test_unknown_paths_are_left_out():
    assert editing.fill_in("name: x\n", {"nowhere.at": "1", "tiers": "1", "": "2"}) == "name: x\n"


@pytest.mark.parametrize("path", ["tiers", "nowhere", "lights.1.at", "name.zh"])
def test_only_lists_grow(path):
    with pytest.raises(errors.Invalid):
        editing.add_row("name: x\n", path)
    with pytest.raises(errors.Invalid):
        editing.drop_row("name: x\n", path)


def test_unreadable_texts_are_refused():
    for change in (lambda text: editing.fill_in(text, {"tiers.hard.due": "1wd"}), outline.of):
        with pytest.raises(flaws.Flawed):
            change("a: [")


def test_every_section_has_a_part_and_every_field_a_name():
    parts = outline.of("")
    assert [part.path for part in parts] == list(registry.sections())
    names = [field.name for field in outline.fields(parts)]
    assert len(names) == len(set(names))
    assert all(field.label for field in outline.fields(parts))


def test_what_is_flawed_is_shown_as_written():
    part = next(
        one for one in outline.fields(outline.of("tiers:\n  hard: {due: soon}\n")) if one.path == "tiers.hard.due"
    )
    assert (part.value, part.own) == ("soon", True)
