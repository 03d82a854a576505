"""The one description of the workbook covers every noun, once, without two columns that answer to the same header."""

from dataclasses import fields

import pytest

from rebal_xl.household import (
    Account,
    Fill,
    Lot,
    Person,
    Policy,
    RecentTrade,
    Security,
    Target,
    TaxProfile,
    TypedTrade,
    Withdrawal,
)
from rebal_xl.sheets.schema import Kind, Setting, Table
from rebal_xl.sheets.tables import (
    ACCOUNTS,
    FILLS,
    HOLDINGS,
    INPUT_TABLES,
    MY_TRADES,
    PEOPLE,
    RECENT_TRADES,
    SECURITIES,
    SETTINGS_ROWS,
    TARGETS,
    TAX_PROFILE,
    WITHDRAWALS,
    input_table,
    setting,
)


def header_key(text: str) -> str:
    """How headers and choices are compared: without case, spaces or punctuation, but $ and % tell columns apart."""
    return "".join(sign for sign in text.casefold() if sign.isalnum() or sign in "$%")


# The nouns and what fills them; class_mix takes the rows of another table.
NOUNS = [
    (Person, PEOPLE, set()),
    (Account, ACCOUNTS, set()),
    (Lot, HOLDINGS, set()),
    (Security, SECURITIES, {"class_mix", "master_date"}),
    (Target, TARGETS, set()),
    (TaxProfile, TAX_PROFILE, set()),
    (Withdrawal, WITHDRAWALS, set()),
    (RecentTrade, RECENT_TRADES, set()),
    (TypedTrade, MY_TRADES, set()),
    (Fill, FILLS, set()),
]


@pytest.mark.parametrize(("noun", "table", "elsewhere"), NOUNS, ids=lambda part: getattr(part, "name", None))
def test_every_field_of_a_noun_has_its_column(noun: type, table: Table, elsewhere: set[str]) -> None:
    described = [column.field for column in table.columns if column.field]
    assert sorted(described) == sorted({field.name for field in fields(noun)} - elsewhere)


def test_every_choice_of_policy_has_its_setting() -> None:
    # Targets, withdrawals, typed trades and the covariance have tables of their own, cash its row of Assumptions;
    # Drift Measure is a word.
    own_tables = {"targets", "withdrawals", "my_trades", "covariance", "cash_yield", "tracking"}
    described = [row.policy_field for row in SETTINGS_ROWS if row.policy_field]
    assert sorted(described) == sorted({field.name for field in fields(Policy)} - own_tables)


def test_settings_show_the_defaults_of_policy() -> None:
    defaults = {field.name: field.default for field in fields(Policy)}
    for row in SETTINGS_ROWS:
        if row.policy_field and row.policy_field != "as_of":
            assert (row.default or "") == (defaults[row.policy_field] or ""), row.name


@pytest.mark.parametrize("table", INPUT_TABLES, ids=lambda table: table.name)
def test_no_header_means_two_columns(table: Table) -> None:
    meaning: dict[str, str] = {}
    for column in table.columns:
        for header in (column.name, *column.synonyms):
            key = header_key(header)
            assert meaning.setdefault(key, column.name) == column.name, f"{header} of {table.name}"


def test_no_name_means_two_tables() -> None:
    meaning: dict[str, str] = {}
    for table in INPUT_TABLES:
        for name in (table.name, *table.synonyms):
            assert meaning.setdefault(header_key(name), table.name) == table.name, name


@pytest.mark.parametrize("table", INPUT_TABLES, ids=lambda table: table.name)
def test_choices_are_closed_and_told_apart(table: Table) -> None:
    for column in table.columns:
        if column.kind is not Kind.CHOICE:
            assert not column.choice_synonyms
            continue
        assert column.choices
        # A list of choices in a cell is written with commas between them.
        assert not any("," in choice for choice in column.choices)
        meanings: dict[str, str] = {}
        for word, meaning in (*((choice, choice) for choice in column.choices), *column.choice_synonyms):
            assert meanings.setdefault(header_key(word), meaning) == meaning, word
        assert {meaning for _, meaning in column.choice_synonyms} <= set(column.choices)


def test_references_name_columns_that_exist() -> None:
    for table in INPUT_TABLES:
        for column in table.columns:
            if column.refers_to:
                name, _, rest = column.refers_to.partition("[")
                assert input_table(name).column(rest.removesuffix("]")).kind is Kind.TEXT


def test_notes_say_the_unit_and_optional_cells_say_what_blank_means() -> None:
    for table in INPUT_TABLES:
        for column in table.columns:
            assert column.note.endswith("."), column.name
            assert len(column.note) <= 250, column.name
            if column.kind is Kind.MONEY:
                assert "dollar" in column.note.lower(), f"{table.name}[{column.name}]"
            if column.kind is Kind.FLAG:
                assert column.blank in column.choices


def test_an_account_registered_as_a_trust_is_taxable_and_a_sep_is_deferred() -> None:
    words = {header_key(word): meaning for word, meaning in ACCOUNTS.column("Tax Treatment").choice_synonyms}
    assert [words[header_key(word)] for word in ("JTWROS", "Trust", "SEP IRA", "401k", "Roth 401(k)")] == [
        "taxable",
        "taxable",
        "tax-deferred",
        "tax-deferred",
        "Roth",
    ]


def test_unknown_names_raise() -> None:
    with pytest.raises(KeyError):
        input_table("Unknown")
    with pytest.raises(KeyError):
        setting("Unknown")
    with pytest.raises(KeyError):
        TARGETS.column("Unknown")


@pytest.mark.parametrize("row", SETTINGS_ROWS, ids=lambda row: row.name)
def test_a_setting_explains_itself(row: Setting) -> None:
    assert row.note.endswith(".")
    if row.kind is Kind.CHOICE:
        assert row.default in row.choices
