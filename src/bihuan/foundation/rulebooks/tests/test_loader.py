import json

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bihuan.foundation.kernel import errors, workdays
from bihuan.foundation.rulebooks import loader, registry, rules
from bihuan.foundation.rulebooks.sections import Calendar, Duration, Section, Share

PLACES = {
    "huzhou": "330500",
    "qiantang": "330114",
    "lucheng": "330302",
    "dinghai": "330902",
    "luqiao": "331004",
    "qingyuan": "331126",
    "qingdao": "370200",
    "yicheng": "370404",
    "weidong": "410403",
    "haibei": "632200",
    "jiaozhou": "370281",
}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def says(text: str) -> list[str]:
    return [str(flaw) for flaw in loader.check(text, source="x.yaml")]


class TestPackaged:
    def test_all_places_of_the_articles_are_there(self):
        assert set(loader.names()) == {"default", *PLACES}
        assert loader.names()[0] == "default"

    @pytest.mark.parametrize("name", ["default", *PLACES])
    def test_each_is_without_a_flaw(self, name):
        assert loader.check(loader.packaged(name), source=f"{name}.yaml") == []

    @pytest.mark.parametrize(("name", "region"), PLACES.items())
    def test_each_knows_its_place(self, name, region):
        loaded = loader.load(loader.packaged(name))
        assert loaded.sections["region"].root == region
        assert loaded.sections["name"].root.zh

    def test_the_default_file_says_what_the_sections_default_to(self):
        sections = loader.load(loader.packaged("default")).sections
        for name, model in registry.sections().items():
            if name != "name":
                assert sections[name] == model(), name

    def test_the_default_file_states_every_section_and_field(self):
        merged = loader.load(loader.packaged("default")).merged
        for name, section in loader.load("").sections.items():
            if isinstance(merged[name], dict):
                assert set(merged[name]) == set(section.model_dump()), name

    def test_qiantang_has_the_three_colours_of_the_article(self):
        lights = loader.load(loader.packaged("qiantang")).sections["lights"].root
        assert [(light.id, light.at, light.consequences) for light in lights] == [
            ("green", 0, ()),
            ("yellow", 0.6, ("remind",)),
            ("orange", 0.8, ("list",)),
            ("red", 1.0, ("supervision_order", "escalate")),
        ]

    def test_dinghai_has_five_colours_and_red_goes_to_the_supervisors(self):
        lights = loader.load(loader.packaged("dinghai")).sections["lights"].root
        assert "".join(light.name.zh[0] for light in lights) == "黄蓝绿橙红"
        assert lights[-1].consequences == ("notify_discipline", "notify_supervision")
        assert lights[-1].also_when == ("unsatisfied", "denied")

    def test_an_unknown_name_lists_the_known_ones(self):
        with pytest.raises(errors.NotFound, match="qiantang"):
            loader.packaged("../../secret")


class TestMessages:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("tiers:\n  ordinary: {due: 5 wd}", "x.yaml:2:14: tiers.ordinary.due: “5 wd” is no duration; write 5wd"),
            ("silence: {after: 5个工作日}", "x.yaml:1:11: silence.after: “5个工作日” is no duration; write 5wd"),
            ("silence: {after: 5}", "x.yaml:1:11: silence.after: “5” is no duration; write 5wd"),
            ("reopen: {within: 15 days}", "x.yaml:1:10: reopen.within: “15 days” is no duration; write 15d"),
            ("extention: {}", "x.yaml:1:1: extention: “extention” is not known here; did you mean “extension”?"),
            (
                "tiers:\n  hard:\n    sign_witin: 4wh",
                "x.yaml:3:5: tiers.hard.sign_witin: “sign_witin” is not known here; did you mean “sign_within”?",
            ),
            (
                "extension: {approver: cordinator}",
                "x.yaml:1:13: extension.approver: “cordinator” does not exist; did you mean “coordinator”?",
            ),
            ("extension: {approver: liaison}", "x.yaml:1:13: extension.approver: the level above approves; one of: "),
            (
                "lights:\n- {id: red, name: r, at: 1, consequences: [remnd]}",
                "x.yaml:2:44: lights[red].consequences[0]: “remnd” does not exist; did you mean “remind”?",
            ),
            (
                "lights:\n- {id: yellow, name: y, at: 80%}\n- {id: red, name: r, at: 60%}",
                "x.yaml:3:22: lights[red].at: 60% must be more than 80%, where “yellow” begins",
            ),
            ("lights:\n- {id: red, name: r}", "x.yaml:2:3: lights[red].at: is missing; for example: 0%"),
            ("lights:\n- {id: red, name: r, at: 60}", "x.yaml:2:22: lights[red].at: “60” is no share; write 60%"),
            ("extension: {max_times: 9}", "x.yaml:1:13: extension.max_times: must be at most 5; for example: 1"),
            ("tiers: 5", "x.yaml:1:1: tiers: a group of keys is needed here"),
            ("channels: {}", "x.yaml:1:1: channels: a list is needed here"),
            ("calendar: {office_hours: 17:30-08:30}", "x.yaml:1:12: calendar.office_hours: “17:30-08:30” are no hours"),
            ("calendar: {breaks: 08:00-18:00}", "x.yaml:1:1: calendar: these hours and breaks leave no"),
            ("calendar: {timezone: Mars}", "x.yaml:1:12: calendar.timezone: “Mars” is no time zone; write Asia"),
            ("region: 3301", "x.yaml:1:1: region: a region is a GB/T 2260 code"),
            ("boards:\n- {code: a, name: A}", "x.yaml:1:1: boards: exactly one board needs kind: general"),
            (
                "tiers: {ordinary: {due: 1wd, sign_within: 3wd}}",
                "x.yaml:1:30: tiers.ordinary.sign_within: 3wd is longer than the whole limit, due: 1wd",
            ),
            (
                "categories:\n- {id: a, name: A}\n- {id: a, name: B}",
                "x.yaml:3:4: categories[a].id: “a” is already there",
            ),
        ],
    )
    def test_names_line_field_and_remedy(self, text, expected):
        assert says(text)[0].startswith(expected)

    def test_all_flaws_are_told_at_once(self):
        assert len(says("extention: {}\nsilence: {after: x}\nreopen: {wihtin: 1d}\n")) == 3

    def test_a_flaw_that_only_the_merge_brings_points_into_the_file(self):
        assert says("\ntiers:\n  ordinary:\n    due: 1wd\n    first_contact_within: 2wd")[0].startswith("x.yaml:5:5: ")

    def test_no_shadow_of_a_flaw(self):
        assert len(says("lights:\n- {id: red, name: r, at: x}")) == 1


class TestShapes:
    def test_a_single_name_stands_for_both_languages(self):
        assert loader.load("name: Anywhere").sections["name"].root.in_language("zh-hans") == "Anywhere"

    def test_a_region_may_be_written_as_a_number(self):
        assert loader.load("region: 330114").sections["region"].root == "330114"

    def test_hours_may_be_sessions_or_a_span_with_breaks(self):
        one = loader.load("calendar: {office_hours: 08:30-17:30, breaks: 12:00-13:30}").sections["calendar"].hours()
        two = (
            loader.load("calendar: {office_hours: [08:30-12:00, 13:30-17:30], breaks: ''}").sections["calendar"].hours()
        )
        assert one == two == Calendar().hours()

    def test_sections_cannot_be_changed(self):
        sections = loader.load("").sections
        with pytest.raises(ValueError, match="frozen"):
            sections["silence"].after = workdays.Duration.parse("1wd")

    def test_the_merged_content_is_plain_and_survives_json(self):
        merged = loader.load(loader.packaged("dinghai")).merged
        assert loader.rebuild(json.loads(json.dumps(merged))) == loader.load(loader.packaged("dinghai")).sections

    def test_a_stored_version_from_an_older_or_newer_product_is_still_read(self):
        merged = rules.merge(loader.load("").merged, {"gone": {"x": 1}, "silence": {"after": "9wd", "gone": 1}})
        del merged["callback"], merged["reopen"]["due"]
        sections = loader.rebuild(merged)
        assert str(sections["silence"].after) == "9wd"
        assert str(sections["callback"].within) == "3wd"
        assert str(sections["reopen"].due) == "3wd"
        assert "gone" not in sections


class TestRegistry:
    def test_a_name_belongs_to_one_model(self):
        with pytest.raises(ValueError, match="already registered"):
            registry.register_section("calendar", Section)

    def test_registering_twice_is_harmless(self):
        registry.register_section("calendar", Calendar)
        assert registry.name_of(Calendar) == "calendar"

    def test_an_unregistered_model_is_an_error(self):
        with pytest.raises(LookupError):
            registry.name_of(BaseModel)


class _Sample(Section):
    within: Duration = workdays.Duration.parse("1wd")
    share: Share = 0.5


@given(st.integers(1, 3000), st.sampled_from(["wd", "wh", "d", "h", "min"]))
def test_durations_go_round(amount, unit):
    text = f"{amount}{unit}"
    assert _Sample.model_validate({"within": text}).model_dump(mode="json")["within"] == text


@given(
    st.one_of(
        st.none(), st.booleans(), st.text(max_size=12), st.floats(), st.integers(), st.lists(st.integers(), max_size=2)
    )
)
@settings(max_examples=300)
def test_any_value_is_a_duration_and_a_share_or_is_explained(value):
    for field in ("within", "share"):
        assert "write" in _complaint(field, value)


def _complaint(field, value):
    try:
        _Sample.model_validate({field: value})
    except ValueError as error:
        return str(error)
    return "nothing to write"
