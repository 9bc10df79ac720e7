"""Published statistics: recognised or refused, symbols and years kept apart, sums and rounding checked."""

# ruff: noqa: E501 (rows and figures as they are published, each on a line)

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gatsbykit as gk
from gatsbykit import published
from gatsbykit.published import tables
from gatsbykit.published.figures import Bounds, Figure, decimals_of, printed, read_cell
from gatsbykit.published.layouts import Kind, label
from gatsbykit.published.symbols import SYMBOLS, Meaning, Symbol
from gatsbykit.published.tables import NotPublishedError, open_csv
from tests.support.published_texts import (
    EES,
    KS4,
    KS4_COUNTS,
    KS4_HEADER,
    KS4_PERCENTS,
    MAINSTREAM,
    PLACE,
    PT,
    PT_HEADER,
    gap_rows,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    def write(content: str | bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


# Symbols (destinations.md 1.6)


@pytest.mark.parametrize(
    "token", ["c", "z", "x", "low", "u", "k", "~", ":", "SUPP", "NA", "SP", "NE", "LOWCOV", "NP"]
)
def test_every_symbol_is_a_value_of_its_own(token: str) -> None:
    found = read_cell(token)
    assert isinstance(found, Symbol)
    assert str(found) == token
    assert found is SYMBOLS[token]
    assert not isinstance(found, int | Decimal | str)
    assert found.to_dict() == {"symbol": token, "meaning": found.meaning.value}
    with pytest.raises(TypeError):
        found + 1  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]


def test_symbols_say_what_they_mean() -> None:
    by_meaning = {meaning: {t for t, one in SYMBOLS.items() if one.meaning is meaning} for meaning in Meaning}
    assert by_meaning[Meaning.LOW] == {"low", "k", "~", "SP"}  # trap 3: neither zero nor hidden
    assert by_meaning[Meaning.HIDDEN] == {"c", "SUPP"}
    assert SYMBOLS["c"].is_hidden
    assert not SYMBOLS["low"].is_hidden
    assert SYMBOLS["low"].is_low


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_a_number_is_read_as_it_is_printed(number: int, places: int) -> None:
    text = f"{Decimal(number).scaleb(-places):f}"
    assert read_cell(f"  {text} ") == Decimal(text)
    assert decimals_of(read_cell(text)) == places


@pytest.mark.parametrize("text", ["", "   "])
def test_blank_is_neither_number_nor_symbol(text: str) -> None:
    assert read_cell(text) is None


@pytest.mark.parametrize(
    "text", ["1,2", "12o", "n/a", "1e5", "½", "--1", "1.", ".5", "5 %%", "nan", "inf", "١٢"]
)
def test_what_is_nothing_known_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a number"):
        read_cell(text)


def test_a_sign_that_the_caller_knows_is_unavailable() -> None:
    assert read_cell("RE", {"RE"}) == Symbol("RE", Meaning.UNAVAILABLE)


# Rounding (trap 10; programmes.md 4.3)


@given(st.integers(1, 3000), st.data(), st.integers(0, 2))
def test_rounding_is_undone_to_every_count_that_prints_so(
    base: int, data: st.DataObject, places: int
) -> None:
    count = data.draw(st.integers(0, base))
    percent = printed(Fraction(100 * count, base), places)
    figure = Figure(name="x", percent=percent, base=base, decimals=places)
    assert figure.counts is not None
    assert count in figure.counts
    for other in (figure.counts[0] - 1, figure.counts[-1] + 1):
        if 0 <= other <= base:
            assert printed(Fraction(100 * other, base), places) != percent
    assert figure.bounds is not None
    assert Fraction(100 * count, base) in figure.bounds


def test_low_is_above_zero_and_below_half_a_unit() -> None:
    small = Figure(name="x", percent=read_cell("SP"), base=1000, decimals=0)
    assert small.counts == range(1, 5)
    assert small.bounds == Bounds(0, Fraction(1, 2))
    assert Figure(name="x", percent=read_cell("low"), base=100).counts == range(1, 1)


def test_hidden_figures_have_no_counts_and_say_which_sign_stands_there() -> None:
    hidden = Figure(name="x", count=read_cell("c"), percent=read_cell("c"), base=40)
    assert hidden.counts is None
    assert hidden.bounds is None
    assert hidden.share is None
    assert [str(sign) for sign in hidden.symbols] == ["c", "c"]
    assert str(hidden) == "c of 40 c"
    assert hidden.to_dict()["count"] == {"symbol": "c", "meaning": "hidden"}
    assert str(Figure(name="x")) == "not published"
    assert str(Figure(name="x", value=Decimal("5.8"))) == "5.8"


def test_a_figure_that_is_no_percentage_of_its_base_has_no_counts() -> None:
    assert Figure(name="x", percent=Decimal(-3), base=10).counts is None
    assert Figure(name="x", percent=Decimal(-3), base=10).bounds is None
    assert Figure(name="x", percent=50).counts is None
    assert Figure(name="x", percent=Decimal("90.7"), base=185).counts == range(168, 168)
    assert Figure(name="x", count=3, base=0).share is None


def test_bounds_carry_through_sums() -> None:
    one, other = Bounds.of_percent(100, 0), Bounds.of_percent(Decimal("0.2"), 0)
    assert one == Bounds(Fraction(199, 2), 100)
    assert other.low == Fraction(3, 20)  # the decimals that are printed count, if they are more
    assert (one + other).high == 100 + Fraction(1, 4)
    assert (one - other).low == Fraction(199, 2) - Fraction(1, 4)
    assert Bounds(1, 1).is_exact
    assert Decimal(100) in one
    with pytest.raises(ValueError, match="wrong way round"):
        Bounds(2, 1)


# Files


def test_key_stage_4_as_the_issue_has_it() -> None:
    ks4 = published.read_text(KS4)
    row = ks4.one(institution_group=MAINSTREAM, breakdown="Total", cohort_year="2022/23")
    assert (row["overall"].count, row.destination_year, row.cohort_year) == (542314, "2023/24", "2022/23")
    assert row["overall"].percent == Decimal("91.3")
    assert row["overall"].share == Fraction(542314, 593735)
    assert row["sustained"] == row["overall"]
    assert row["inst_count"].count == 3316
    assert str(row["he"]) == "c of 593,735 low"
    assert row["he"].decimals == 1
    assert row.numbers == (2, 3)
    assert "overall" in row
    assert "nothing" not in row
    assert row.to_dict()["destination_year"] == "2023/24"
    assert ks4.kind is Kind.EES_KEY_STAGE_4
    assert repr(ks4) == "<key stage 4 destinations (Explore Education Statistics): the text>"
    assert str(ks4).startswith("the text: key stage 4 destinations")
    assert ks4.to_dict()["periods"] == ["2022/23"]
    assert len(list(ks4)) == 1
    assert label("appl4") == "higher and degree apprenticeship (level 4 and above)"
    with pytest.raises(gk.NotFoundError, match="there is no figure 'progressed'; there are inst_count"):
        row["progressed"]


def variants() -> dict[str, str | bytes]:
    lines = KS4.splitlines()
    quoted = "\r\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in lines)
    return {
        "bom": b"\xef\xbb\xbf" + KS4.encode(),
        "crlf": KS4.replace("\n", "\r\n"),
        "capitals": KS4.replace(KS4_HEADER, KS4_HEADER.upper()),
        "semicolons": KS4.replace(",", ";"),
        "tabs": KS4.replace(",", "\t"),
        "quoted": quoted,
        "spaces in the header": KS4.replace(KS4_HEADER, KS4_HEADER.replace(",", " , ")),
        "empty rows": KS4.replace("\n", "\n\n" + "," * 35 + "\n"),
        "no end of line": KS4.rstrip("\n"),
        "separators too many": KS4.replace(KS4_COUNTS, f"{KS4_COUNTS},,"),
        "percentages first": f"{KS4_HEADER}\n{KS4_PERCENTS}\n{KS4_COUNTS}\n",
        "columns in another order": "\n".join(",".join(reversed(line.split(","))) for line in lines),
    }


@pytest.mark.parametrize("name", variants())
def test_spellings_of_a_file_read_the_same(name: str, written: Callable[..., Path]) -> None:
    row = published.read(written(variants()[name])).one(cohort_year="2022/23")
    assert (row["overall"].count, row["overall"].percent) == (542314, Decimal("91.3"))


def test_the_older_convention_is_read_by_its_names_and_is_a_year_off() -> None:
    older = KS4.replace("notsust_ben", "notsust_beneet").replace("only_ben", "only_beneet")
    row = published.read_text(older.replace("Number of students", "Number of pupils")).one()
    assert (row.cohort_year, row.destination_year) == ("2021/22", "2022/23")
    assert row["notsust_beneet"] == row["notsust_ben"]


def test_sizes_tell_nothing_below_the_country() -> None:
    header = f"{EES},institution_group,institution_type,breakdown_topic,breakdown,data_type,cohort,education,all_work"
    row = f"202223,{PLACE},{MAINSTREAM},Total,Total,Total,Percentage,575055,80,5".replace(
        "National", "Regional"
    )
    assert published.read_text(f"{header}\n{row}\n").notes


def test_the_words_alone_tell_the_convention_at_key_stage_4() -> None:
    bare = f"{EES},breakdown,data_type,cohort,education,appren,all_work,all_notsust,all_unknown"
    row = f"202223,{PLACE},Total,Number of {{}},10,8,1,1,0,0"
    assert published.read_text(f"{bare}\n{row.format('students')}\n").one().cohort_year == "2022/23"
    assert published.read_text(f"{bare}\n{row.format('pupils')}\n").one().cohort_year == "2021/22"


@pytest.mark.parametrize(("cohort", "year"), [("575055", "2021/22"), ("563910", "2020/21")])
def test_a_known_cohort_tells_the_convention(cohort: str, year: str) -> None:
    header = f"{EES},institution_group,institution_type,breakdown_topic,breakdown,data_type,cohort,education,all_work"
    start = int(year[:4])
    for later, expected in ((0, year), (1, year)):
        period = f"{start + later}{(start + later + 1) % 100:02}"
        row = f"{period},{PLACE},{MAINSTREAM},Total,Total,Total,Percentage,{cohort},80,5"
        assert published.read_text(f"{header}\n{row}\n").one().cohort_year == expected
    strange = f"201516,{PLACE},{MAINSTREAM},Total,Total,Total,Percentage,{cohort},80,5"
    with pytest.raises(published.YearNotKnownError):
        _ = published.read_text(f"{header}\n{strange}\n").one().cohort_year


def test_where_nothing_tells_the_convention_it_is_asked_for() -> None:
    header = f"{EES},cohort_level_group,cohort_level,data_type,cohort,education,all_work"
    text = f"{header}\n202223,{PLACE},Total,Total,Number of pupils,10,8,1\n"
    file = published.read_text(text)
    assert file.kind is Kind.EES_16_18
    assert "time_period='cohort'" in file.notes[0]
    assert file.one()["education"].count == 8  # all else is there
    assert file.one().period.label == "2022/23"
    for ask in (
        lambda: file.one().cohort_year,
        lambda: file.one().destination_year,
        lambda: file.cohort_years,
        lambda: file.one(cohort_year="2022/23"),
    ):
        with pytest.raises(published.YearNotKnownError, match="say so"):
            ask()
    assert file.one(period="2022/23").to_dict()["cohort_year"] is None
    assert published.read_text(text, time_period="cohort").cohort_years == ("2022/23",)
    assert published.read_text(text, time_period="destination").cohort_years == ("2021/22",)


def test_a_file_that_contradicts_itself_is_asked_about() -> None:
    both = KS4.replace("Number of students", "Number of pupils")  # with the newer columns
    file = published.read_text(both)
    assert "contradicts itself" in file.notes[0]


def test_school_files_are_read_by_school() -> None:
    header = (
        f"{EES},region_code,region_name,old_la_code,new_la_code,la_name,school_laestab,school_urn,school_name,"
        "institution_group,breakdown_topic,breakdown,data_type,version,cohort,overall,education,appren,all_work,"
        "all_notsust,all_unknown"
    )
    place = "202223,Academic year,School,E92000001,England,E12000007,London,202,E09000007,Camden"
    rows = [
        f"{place},202400{n},10000{n},School {n},Total,Total,Total,{kind},Provisional,{cells}"
        for n, kind, cells in (
            (1, "Number of students", "1,c,c,c,c,c,c"),
            (1, "Percentage", "1,c,c,c,c,c,c"),
            (2, "Number of students", "c,c,c,c,c,c,c"),
            (3, "Number of students", "30,27,20,4,3,2,1"),
            (3, "Percentage", "30,90,66.7,13.3,10,6.7,3.3"),
        )
    ]
    file = published.read_text("\n".join([header, *rows]))
    assert file.one(school_urn="100003")["overall"].count == 27
    assert str(file.one(school_urn="100001")["overall"]) == "c of 1 c"
    assert isinstance(file.one(school_urn="100002")["cohort"].count, Symbol)
    assert file.one(school_urn="100002")["overall"].percent is None  # there is no row of percentages
    assert file.account().symbols == {SYMBOLS["c"]: 19}
    with pytest.raises(gk.NotFoundError, match="has 3 rows with nothing; they differ in school_laestab"):
        file.one()


def test_local_authority_files_without_an_overall_figure_are_read() -> None:
    header = f"{EES},region_code,region_name,lad_code,lad_name,level_methodology,data_type,cohort,education,appren,all_work,all_notsust,all_unknown"
    row = "201516,Academic year,Local authority district,E92000001,England,E12000004,East Midlands,E07000155,Northants,Provider location,Number of pupils,1332,1181,64,42,38,7"
    file = published.read_text(f"{header}\n{row}\n")
    assert file.one(lad_name="northants").cohort_year == "2014/15"
    assert file.check_sums() == ()


def test_unknown_columns_are_figures_or_dimensions_by_what_stands_in_them() -> None:
    text = "\n".join(
        f"{line},{more}"
        for line, more in zip(
            KS4.splitlines(), ("new_measure,new_group,new_code", "7,a,1", "0.1,a,1"), strict=True
        )
    )
    row = published.read_text(text).one()
    assert (row["new_measure"].count, row["new_measure"].percent) == (7, Decimal("0.1"))
    assert (row.dimensions["new_group"], row.dimensions["new_code"]) == ("a", "1")


def test_rows_that_repeat_each_other_are_kept_and_noted() -> None:
    file = published.read_text(f"{KS4}{KS4_COUNTS}\n{KS4_COUNTS}\n")
    assert len(file.select()) == 3
    file = published.read_text(f"{KS4_HEADER}\n{KS4_COUNTS}\n{KS4_COUNTS}\n{KS4_PERCENTS}\n")
    assert len(file.select()) == 2
    assert len(file.select()) == 2
    assert file.notes == ("the text, row 3: another row says it is about the same; both are kept",)
    with pytest.raises(gk.NotFoundError, match="nothing sets them apart"):
        file.one()


def test_questions_that_have_no_answer_say_what_there_is() -> None:
    file = published.read_text(KS4)
    with pytest.raises(gk.NotFoundError, match="has no rows by 'sex'; it has time_period, time_identifier"):
        file.one(sex="Female")
    with pytest.raises(gk.NotFoundError, match="has no row with breakdown 'female'; there are Total"):
        file.one(breakdown="Female")
    with pytest.raises(gk.NotFoundError, match="has no cohort_year 2015/16; there are 2022/23"):
        file.one(cohort_year="2015/16")
    with pytest.raises(gk.NotFoundError, match="has no rows by 'x'"):
        file.values("x")
    both = published.read_text(KS4 + gap_rows())
    with pytest.raises(gk.NotFoundError, match="has no row with all of breakdown total, breakdown_topic"):
        both.one(breakdown="Total", breakdown_topic="Disadvantage Status")
    assert both.one(breakdown=["Disadvantaged"], cohort_year=gk.AcademicYear(2022))["overall"].percent == 83
    assert both.values("breakdown") == ("Disadvantaged", "Not disadvantaged", "Total")


def test_the_total_is_meant_where_nothing_is_said() -> None:
    regional = KS4_COUNTS.replace("National", "Regional")
    assert published.read_text(f"{KS4}{regional}\n").one().numbers == (2, 3)
    later = KS4_COUNTS.replace("202223", "202122")
    with pytest.raises(
        gk.NotFoundError, match=r"they differ in time_period .*; the year \(there are 2021/22, 2022/23\)"
    ):
        published.read_text(f"{KS4}{later}\n").one()


def test_sums_are_checked_and_deviations_have_rows() -> None:
    wrong = KS4.replace("542314", "542315")
    checks = {check.rule: check for check in published.read_text(wrong).check_sums()}
    broken = checks["overall = education + appren + all_work"]
    assert (broken.checked, broken.held) == (1, 0)
    assert str(broken.deviations[0]) == (
        "row 2: overall = education + appren + all_work: printed 542,315, computed 542,314"
    )
    assert str(checks["appren = appl3 + appl2"]) == "appren = appl3 + appl2: holds in 1 of 1"
    rounding = published.read_text(KS4.replace(",85.5,", ",85.4,")).check_rounding()
    assert [(one.row, str(one.said), str(one.computed)) for one in rounding.deviations] == [
        (3, "85.4", "85.5")
    ]


def test_sums_that_never_held_are_known() -> None:
    """Trap 12: education does not add up before the cohort of 2014/15."""
    row = f"201314,{PLACE},{MAINSTREAM},Total,Total,Total,Number of students,Revised,z,100,90,80,30,30,10,9,z,z,z,z,z,z,5,z,z,5,6,z,z,z,4,z,z"
    checks = published.read_text(f"{KS4_HEADER}\n{row}\n").check_sums()
    known = next(check for check in checks if check.rule.startswith("education"))
    assert known.deviations[0].known.startswith("sub-categories of education")
    assert "before 2014/15)" in str(known.deviations[0])


# Refusals


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04....", "Excel workbook or a ZIP"),
        (b"\xd0\xcf\x11\xe0", "old Excel workbook"),
        (b"PAR1", "Parquet"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\xff\xfea\x00", "UTF-16"),
        (b"\xef\xbb\xbf <html>", "web page"),
        (b'{"format": 1}', "JSON"),
        (b"a,b\0c", "not text"),
        (b"only one column\n1\n", "no table"),
        (b",,,\nurn,nor\n", "begins with an empty row"),
        (b'"a,b\n', "no table"),
        (b"learner_id,year_group\nL1,9\n", "gatsbykit.load"),
        (b"new_la_code,la_name,entity_code\nE,A,E06\n", "a list of local authorities"),
        (b"URN,P8MEA,RECTYPE\n1,2,3\n", "attainment"),
        (b"RECTYPE,URN,ATT8SCR\n1,2,3\n", "another file of the performance tables"),
        (b"col_name,col_type,label\na,Filter,A\n", "the description of a file"),
        (b"upn,surname\nB801200005001,Brown\n", "list of pupils"),
        (f"{EES.removesuffix(',country_name')},x\n".encode(), "which has country_name too"),
        (b"alpha,beta,gamma\n1,2,3\n", "its 3 columns begin with alpha, beta, gamma"),
    ],
)
def test_what_is_no_published_file_is_told_what_it_looks_like(
    content: bytes, words: str, written: Callable[..., Path]
) -> None:
    with pytest.raises(NotPublishedError, match=words) as caught:
        published.read(written(content))
    assert "Brown" not in str(caught.value)
    assert isinstance(caught.value, gk.GatsbykitError)


def test_folders_and_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotPublishedError, match="is a folder"):
        published.read(tmp_path)
    with pytest.raises(gk.InvalidRecords) as caught:
        published.read(tmp_path / "nothing.csv")
    assert [issue.code for issue in caught.value.issues] == ["missing_file"]
    with pytest.raises(gk.InvalidRecords):
        published.read("/dev/null")


def codes(caught: pytest.ExceptionInfo[gk.InvalidRecords]) -> list[tuple[str, int | None, str | None]]:
    return [(issue.code, issue.row, issue.column) for issue in caught.value.issues]


def test_all_errors_are_listed_with_their_places() -> None:
    text = KS4.replace("507450", "about").replace("36.9", "36·9")
    with pytest.raises(gk.InvalidRecords) as caught:
        published.read_text(text)
    assert codes(caught) == [("unknown_symbol", 2, "education"), ("unknown_symbol", 3, "fe")]
    assert "one of z x : NA" in str(caught.value.issues[0])
    assert published.read_text(KS4.replace("507450", "RE"), other_symbols=["RE"]).one()["education"].percent


def test_errors_of_shape(written: Callable[..., Path]) -> None:
    with pytest.raises(gk.InvalidRecords) as caught:
        published.read_text(f"{KS4}1,2,3\n{KS4_COUNTS},9\n")
    assert codes(caught) == [("wrong_number_of_cells", 4, None), ("wrong_number_of_cells", 5, None)]
    with pytest.raises(gk.InvalidRecords) as caught:
        published.read_text(KS4.replace("ssf", "FE"))
    assert codes(caught) == [("duplicate_column", None, "fe")]
    with pytest.raises(gk.InvalidRecords) as caught:
        published.read_text(KS4 + '202223,"Academic" year,x\n')
    assert codes(caught) == [("unreadable_row", 4, None)]
    with pytest.raises(gk.InvalidRecords) as caught:
        published.read(written(KS4.encode() + b"\x81\x8d"))
    assert codes(caught) == [("not_utf8", None, None)]


def test_errors_of_periods_and_kinds() -> None:
    with pytest.raises(gk.InvalidRecords) as caught:
        published.read_text(KS4.replace("202223", "202224", 1))
    assert codes(caught) == [("not_a_period", 2, "time_period")]
    with pytest.raises(gk.InvalidRecords) as caught:
        published.read_text(KS4.replace("Percentage", "Rank"))
    assert codes(caught) == [("unknown_data_type", 3, "data_type")]


def test_many_errors_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LISTED", 2)
    with pytest.raises(gk.InvalidRecords) as caught:
        published.read_text(KS4 + "1,2\n" * 5)
    assert [(issue.code, issue.count) for issue in caught.value.issues] == [
        ("wrong_number_of_cells", 1),
        ("wrong_number_of_cells", 1),
        ("more_errors", 3),
    ]
    assert caught.value.count == 5


def test_a_great_file_is_read_anew_for_each_question(
    written: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "HELD", 10)
    file = published.read(written(KS4 + gap_rows()))
    assert file.one(breakdown="Disadvantaged")["overall"].percent == 83
    assert [row.numbers for row in file] == [(2, 3), (4,), (5,)]
    table = open_csv(written(KS4))
    assert not table._is_small  # pyright: ignore[reportPrivateUsage]


# Performance tables


def test_performance_tables_have_groups_and_ask_for_their_year() -> None:
    file = published.read_text(PT)
    assert file.kind is Kind.PERFORMANCE_TABLES_KEY_STAGE_4
    row = file.one(urn="137181", breakdown="Disadvantaged")
    assert (row["overall"].count, row["overall"].percent, row["overall"].base) == (80, 93, 86)
    assert row.dimensions["breakdown_topic"] == "Disadvantage Status"
    assert file.values("breakdown") == ("Disadvantaged", "Not disadvantaged", "Total")
    assert file.values("breakdown_topic") == ("Disadvantage Status", "Disadvantage Status", "Total")
    assert file.values("geographic_level") == ("National", "School")
    assert file.values("nftype") == ("", "AC")
    with pytest.raises(published.YearNotKnownError, match="cohort_year='2016/17'"):
        _ = row.cohort_year
    named = published.read_text(PT, cohort_year="2016/17").one(breakdown="Total")
    assert (named.cohort_year, named.destination_year) == ("2016/17", "2017/18")
    assert named["OVERALL_DEST"].count == 497037  # the country, where no school is named
    checks = file.check_sums()
    assert str(checks[-1]) == "cohort = disadvantaged + not disadvantaged: holds in 2 of 2"
    assert all(check.held == check.checked for check in checks)
    wrong = published.read_text(PT.replace(",86,80,", ",87,80,")).check_sums()[-1]
    assert [one.row for one in wrong.deviations] == [2]
    assert file.check_rounding().held == file.check_rounding().checked == 6


@pytest.mark.parametrize(
    ("suffix", "this", "earlier"), [("18", "2016/17", "2015/16"), ("16", "2014/15", "2013/14")]
)
def test_earlier_years_tell_which_tables_they_are(suffix: str, this: str, earlier: str) -> None:
    """destinations.md 1.1: tables of year Y hold the leavers of Y-2."""
    text = "\n".join(
        f"{line},{more}"
        for line, more in zip(
            PT.splitlines(),
            (f"COHORT_{suffix},OVERALL_DESTPER_{suffix}", "150,NA", "541121,94%"),
            strict=True,
        )
    )
    file = published.read_text(text)
    assert file.cohort_years == (earlier, this)
    assert file.one(urn="137181", breakdown="Total").cohort_year == this
    before = file.one(urn="137181", cohort_year=earlier)
    assert str(before["overall"].percent) == "NA"
    assert before["overall"].base == 150
    assert before.dimensions["breakdown"] == "Total"


def test_who_says_otherwise_than_the_file_is_told_so() -> None:
    said = published.read_text(KS4, time_period="destination")
    assert said.cohort_years == ("2021/22",)
    assert "as you say; by its columns, words or sizes it is the cohort year" in said.notes[0]
    assert published.read_text(KS4, time_period="cohort").notes == ()
    text = "URN,COHORT,OVERALL_DESTPER,COHORT_18\n100000,20,95%,21\n"
    other = published.read_text(text, cohort_year="2015/16")
    assert other.notes == (
        "the text: read as the leavers of 2015/16, as you say; by its earlier years they are those of 2016/17",
    )
    assert published.read_text(text, cohort_year="2016/17").notes == ()


def test_suppressed_schools_keep_their_cohort() -> None:
    row = "2,938,7023,135814,0,Ingfield,NMSS,5," + ",".join(["SUPP"] * 17)
    file = published.read_text(f"{PT_HEADER}\n{row}\n")
    found = file.one(urn="135814", breakdown="Total")
    assert found["cohort"].count == 5
    assert found["overall"].counts is None
    assert file.account().symbols == {SYMBOLS["SUPP"]: 17}
    assert file.check_sums()[-1].rule == "education = fe + ssf + sfc + other_edu"


def test_performance_tables_without_groups_have_no_sum_of_groups() -> None:
    text = "URN,COHORT,OVERALL_DESTPER\n100000,20,95%\n"
    file = published.read_text(text)
    assert file.values("geographic_level") == ("School",)
    assert file.check_sums() == ()
    assert file.one(urn="100000")["overall"].counts == range(19, 20)


def test_16_to_18_tables_have_levels() -> None:
    text = (
        "RECTYPE,URN,TOT_COHORT,TOT_OVERALLPER,TOT_HEPER,L3_COHORT,L3_OVERALLPER,TOT_COHORT_DIS,TOT_OVERALLPER_DIS,"
        "TOT_NOT_CAPTUREDPER\n1,100000,50,90%,60%,30,SUPP,20,85%,SP\n3,100001,50,90%,60%,30,SUPP,20,85%,SP\n"
    )
    file = published.read_text(text, cohort_year="2021/22")
    assert file.kind is Kind.PERFORMANCE_TABLES_16_18
    row = file.one(urn="100000", cohort_level_group="Total", breakdown="Total")
    assert row["he"].counts == range(30, 31)
    assert row["all_unknown"].percent == SYMBOLS["SP"]
    assert str(file.one(urn="100000", cohort_level_group="Level 3")["overall"].percent) == "SUPP"
    assert file.values("cohort_level_group") == ("Level 3", "Total")
    assert file.one(geographic_level="record type 3", breakdown="Disadvantaged")["cohort"].count == 20


def test_progression_to_higher_education_has_no_single_destination_year() -> None:
    text = "RECTYPE,URN,ALL_COHORT,ALL_PROGRESSED,ALL_HE,ALL_TOP3RD\n1,100000,50,30,28,SUPP\n"
    row = published.read_text(text, cohort_year="2021/22").one(urn="100000")
    assert (row["progressed"].count, row["he"].count, row.cohort_year) == (30, 28, "2021/22")
    with pytest.raises(published.YearNotKnownError, match="two years"):
        _ = row.destination_year


def test_census_figures_of_schools() -> None:
    text = "URN,LA,ESTAB,SCHOOLTYPE,NOR,NORG,PNORG,NUMFSM,NUMFSMEVER,PNUMFSMEVER,TSENELK,PSENELK\n100049,202,4104,S,950,393,41.4,391,500,64.5,NA,11.8\n"
    file = published.read_text(text)
    row = file.one(urn="100049")
    assert (row["NOR"].value, row["PNUMFSMEVER"].percent, row["PSENELK"].percent) == (
        950,
        Decimal("64.5"),
        Decimal("11.8"),
    )
    with pytest.raises(published.YearNotKnownError, match="name no year"):
        file.one(cohort_year="2016/17")


# Other files


def test_neet_tables_of_several_years_and_headers() -> None:
    header = f"{EES},region_code,region_name,old_la_code,new_la_code,la_name,Age,Cohort_DJFavg,NEET_not_known_percent,NEET_percent,Notknown_percent,annual_change_ppts_NEET_not_known,cohort_March,Level_3,avg_att8,brand_new_percent,ratio_percent"
    england = "2025,Calendar year,National,E92000001,England,,,,,,16-17,1335160,5.6,3.4,2.2,0.2,1337190,57.6,46.1,z,101.5"
    camden = "2025,Calendar year,Local authority,E92000001,England,E12000007,London,202,E09000007,Camden,16-17,3231.3,2.9,1.9,c,-0.2,3238,70.6,c,z,90"
    file = published.read_text(f"{header}\n{england}\n{camden}\n")
    assert file.kind is Kind.NEET
    row = file.one(period="2025")
    assert row["NEET_not_known_percent"].bounds == Bounds(Fraction("5.55"), Fraction("5.65"))
    assert row["NEET_not_known_percent"].counts is None  # the base is an average of three months
    assert row["annual_change_ppts_NEET_not_known"].value == Decimal("0.2")
    assert row["level_3"].percent == Decimal("57.6")
    assert row["ratio_percent"].value == Decimal("101.5")  # no percentage of anything
    assert row["brand_new_percent"].percent == SYMBOLS["z"]
    assert file.one(la_name="Camden")["cohort_djfavg"].value == Decimal("3231.3")
    assert file.one(la_name="Camden").dimensions["age"] == "16-17"
    with pytest.raises(published.YearNotKnownError, match="not about a cohort"):
        _ = row.cohort_year


def test_any_other_file_of_explore_education_statistics_is_read_as_it_is() -> None:
    text = f"{EES},sex,destination_description,pupil_count,pupil_percent\n202223,{PLACE},Total,Progressed,100,67.3\n"
    file = published.read_text(text)
    assert file.kind is Kind.EES_OTHER
    row = file.one(period="2022/23", destination_description="progressed")
    assert (row["pupil_count"].value, row["pupil_percent"].percent) == (100, Decimal("67.3"))


def register(columns: int = 140) -> bytes:
    extra = [f"Column{number} (code)" for number in range(columns)]
    names = [
        "URN", "LA (code)", "EstablishmentNumber", "EstablishmentName", "TypeOfEstablishment (code)",
        "StatutoryLowAge", "NumberOfPupils", "PercentageFSM", "UKPRN", "OpenDate", "CloseDate",
        "OfficialSixthForm (code)", *extra,
    ]  # fmt: skip
    cells = [
        "100000",
        "201",
        "614",
        'St John\N{RIGHT SINGLE QUOTATION MARK}s, "School"',
        "2",
        "3",
        "276",
        "10.2",
        "10079319",
        "01-09-1990",
        "31-02-2020",
        "1",
        *["1"] * columns,
    ]
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    return f"{','.join(names)}\r\n{quoted}\r\n".encode("cp1252")


def test_a_full_register_in_windows_1252(written: Callable[..., Path]) -> None:
    file = published.read(written(register()))
    school = published.Establishment.of(file.one(urn="100000"))
    assert attrs.asdict(school) | {"status": ""} == attrs.asdict(school)
    assert (school.name, school.type_code, school.laestab, school.opened, school.closed) == (
        'St John\N{RIGHT SINGLE QUOTATION MARK}s, "School"',
        "02",
        "2010614",
        datetime.date(1990, 9, 1),
        None,
    )
    assert (school.pupils, school.percent_fsm, school.low_age, school.has_sixth_form) == (
        276,
        Decimal("10.2"),
        3,
        True,
    )
    assert len(file.columns) == 152
    assert file.periods[0].label == "on the day of the extract"


def test_a_register_may_lack_nearly_everything() -> None:
    school = published.Establishment.of(
        published.read_text("URN,EstablishmentName,UKPRN\n100000,A School,\n").one(urn="100000")
    )
    assert (school.ukprn, school.laestab, school.pupils, school.percent_fsm, school.opened) == (None,) * 5


def test_national_averages_keep_remarks() -> None:
    text = (
        "academic_year,average_benchmarks_achieved_of_8,institutions,source\n"
        '"2013/14 (baseline)",1.34,,A\n2018/19,3 (rounded in source),,B\n2013/19,4,,C\nsome year,4,,D\n'
    )
    rows = published.read_text(text).select()
    assert [row.period.label for row in rows] == ["2013/14", "2018/19", "2013/19", "some year"]
    assert (rows[1]["average_benchmarks_achieved_of_8"].value, rows[1].dimensions["remark"]) == (
        3,
        "rounded in source",
    )
    assert rows[0].dimensions["remark"] == ""
