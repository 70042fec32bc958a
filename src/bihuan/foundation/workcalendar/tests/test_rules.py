import datetime as dt

import pytest

from bihuan.foundation.kernel import errors
from bihuan.foundation.kernel.workdays import OfficeHours
from bihuan.foundation.workcalendar import reading, rules

FULL = "date,kind,name\n2027-01-01,rest,元旦\n2027-05-01,rest,劳动节\n2027-10-01,rest,国庆节\n"


def check(text: str, *, filename="days.csv", amend=False, year=2027):
    rows = reading.read_rows(text.encode(), filename=filename)
    return rules.check_rows(rows, year=year, document="国办发明电〔2026〕9号", amend=amend)


def test_a_whole_year_is_taken():
    checked = check(FULL + "2027-01-02,班,元旦\n2026-12-31,休,元旦\n")
    assert checked.problems == ()
    assert [(str(d.date), d.works, d.year) for d in checked.days] == [
        ("2026-12-31", False, 2027),
        ("2027-01-01", False, 2027),
        ("2027-01-02", True, 2027),
        ("2027-05-01", False, 2027),
        ("2027-10-01", False, 2027),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2027-13-01,rest,x", "no date"),
        ("tomorrow,rest,x", "no date"),
        (",rest,x", "no date"),
        ("2028-01-01,rest,x", "does not belong"),
        ("2026-12-24,rest,x", "does not belong"),
        ("2027-02-08,work,x", "no Saturday or Sunday"),
        ("2027-02-08,maybe,x", "no kind of day"),
        ("2027-02-08,plain,x", "no kind of day"),
        ("2027-01-01,rest,x", "twice"),
    ],
)
def test_a_wrong_line_is_named(settings, line, says):
    settings.LANGUAGE_CODE = "en"
    checked = check(FULL + line + "\n")
    assert [(p.line, says in p.message) for p in checked.problems] == [(5, True)]


def test_a_partial_year_is_refused_unless_it_amends():
    partial = "date,kind,name\n2027-05-02,rest,劳动节\n"
    assert len(check(partial).problems) == 3
    amended = check(partial + "2027-05-09,plain,\n", amend=True)
    assert amended.problems == ()
    assert amended.removed == (dt.date(2027, 5, 9),)


def test_an_empty_or_endless_file_is_refused():
    assert check("date,kind,name\n").problems
    many = "".join(f"{dt.date(2027, 1, 1) + dt.timedelta(days=n)},rest,x\n" for n in range(81))
    assert check("date,kind,name\n" + many).problems


def test_json_and_yaml_know_their_lines():
    json = (
        '{"year": 2027,\n "days": [\n  {"name": "元旦", "date": "2027-01-01", "isOffDay": true},\n  {"date": "x"}\n ]}'
    )
    assert [p.line for p in check(json, filename="a.json").problems] == [4]
    yaml = "- {date: 2027-01-01, kind: rest}\n- {date: 2027-05-01, kind: rest}\n- 5\n- {date: 2027-10-01, kind: rest}\n"
    assert [p.line for p in check(yaml, filename="a.yaml").problems] == [3]
    wrong = "- {date: 2027-01-01, kind: rest}\n- {date: 2027-13-45, kind: rest}\n"
    assert [p.line for p in check(wrong, filename="a.yaml").problems] == [2]
    assert check("[]", filename="a.json").problems
    assert check("!!python/object/apply:os.system [ls]", filename="a.yaml").problems


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (b"\xff\xfe\x00", "a.csv"),
        (b'date,kind\n"2027', "a.csv"),
        (b"{", "a.json"),
        (b"just text", "a.yaml"),
        (b"days: 5", "a.yaml"),
        (b"a: &a [*a]", "a.yaml"),
        (b"x", "a.xlsx"),
        (b"x", "days"),
    ],
)
def test_an_unreadable_file_is_refused(content, filename):
    with pytest.raises(errors.Invalid) as caught:
        reading.read_rows(content, filename=filename)
    assert caught.value.code == "calendar_file_unreadable"


def test_an_oversized_file_is_refused():
    with pytest.raises(errors.TooLarge):
        reading.read_rows(b"x" * (reading.LARGEST + 1), filename="a.csv")


def test_a_file_saved_by_a_chinese_spreadsheet_is_read():
    rows = reading.read_rows("日期,类型,名称\n2027-01-01,休,元旦\n".encode("gb18030"), filename="a.csv")
    assert rules.check_rows(rows, year=2027, document="x", amend=True).days[0].name == "元旦"


def test_regions_inherit_hours_from_above():
    def hours(text: str, **options: str) -> OfficeHours:
        return OfficeHours.parse(text, **options)

    country, province, county = hours("08:00-12:00"), hours("09:00-12:00"), hours("10:00-12:00")
    own = {
        "000000": [(dt.date(2020, 1, 1), country)],
        "330000": [(dt.date(2026, 6, 1), province)],
        "331004": [(dt.date(2026, 12, 1), county)],
    }
    above = [(dt.date.min, OfficeHours()), (dt.date(2020, 1, 1), country), (dt.date(2026, 6, 1), province)]
    assert rules.lineage("331004001") == ("000000", "330000", "331000", "331004", "331004001")
    assert rules.lineage("330000") == ("000000", "330000")
    assert list(rules.hours_history("331001", own)) == above
    assert list(rules.hours_history("331004001", own)) == [*above, (dt.date(2026, 12, 1), county)]
    assert list(rules.hours_history("370200", {})) == [(dt.date.min, OfficeHours())]
    west = (dt.date(2026, 1, 1), hours("10:00-14:00", timezone="Asia/Urumqi"))
    assert list(rules.hours_history("650100", {**own, "650000": [west]})) == [west]


def test_a_year_is_known_once_all_its_days_are_confirmed():
    assert rules.known_years([(2026, True), (2027, True), (2027, False)]) == {2026}
