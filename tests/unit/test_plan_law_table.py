"""The table of the law is checked when it is read: a fault is said with its place."""

import re
from importlib import resources

import pytest

from nachhaken.plan.law import LawError, read_table, table
from nachhaken.plan.law.facts import COUNTRIES
from nachhaken.terms import Verdict

TEXT = resources.files("nachhaken.plan.law").joinpath("rules.toml").read_text("utf-8")
BEFORE = "# --- letters and visits"

RULE = """[[rule]]
key = "new"
row = 10
countries = ["DE"]
channels = ["letter"]
when = ["ordered"]
verdict = "allowed"
source = "UWG § 7"
reason = { de = "Grund: Kunde", en = "Ground: customer" }
"""


def corrected(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def with_rule(old: str = "", new: str = "") -> str:
    assert old in RULE
    return corrected(BEFORE, RULE.replace(old, new, 1) + BEFORE)


def test_the_table_is_whole_and_every_rule_is_dated() -> None:
    law = table()
    assert len(law.by_cell) == len(COUNTRIES) * 2 * 5 * 2 * 2
    assert all(any(not r.when for r in rules) for rules in law.by_cell.values())
    assert all(rule.checked_on.year >= 2026 for rule in law.rules)
    assert all(never.checked_on.year >= 2026 for never in law.never)
    assert all(rule.has_remedy is not (rule.verdict is Verdict.ALLOWED) for rule in law.rules)


def test_a_rule_is_corrected_without_code() -> None:
    law = read_table(with_rule())
    assert "new" in {rule.key for rule in law.rules}
    assert law.texts["law.new.reason"]["de"] == "Grund: Kunde"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (with_rule('"ordered"', '"bought"'), "rule 'new': when: 'bought' is none of"),
        (with_rule('"DE"', '"FR"'), "rule 'new': countries: 'FR' is none of"),
        (with_rule('"letter"', '"fax"'), "rule 'new': channels: 'fax' is none of"),
        (with_rule('"allowed"', '"later"'), "rule 'new': verdict: 'later' is none of"),
        (with_rule("row = 10", "row = 0"), "rule 'new': row is no number of a row"),
        (with_rule('source = "UWG § 7"', ""), "rule 'new': source is missing"),
        (with_rule(', en = "Ground: customer"', ""), "rule 'new': reason is missing in 'en'"),
        (with_rule("Grund: Kunde", "Grund: {words}"), "reason in 'de' names 'words'"),
        (with_rule("Grund: Kunde", "Grund: {Kunde"), "rule 'new': reason in 'de':"),
        (with_rule('"allowed"', '"ask_first"'), "rule 'new': remedy is missing in 'de'"),
        (with_rule('key = "new"', 'key = "visit"'), "rule 'visit': this key is there twice"),
        (with_rule('key = "new"', ""), "key is missing"),
        (with_rule("source", "sauce"), "rule 'new': 'sauce' is no cell of a rule"),
        (with_rule('["ordered"]', '["ordered", "objected"]'), "rule 'new': never reached"),
        (with_rule('when = ["ordered"]', "automated = 3"), "automated is neither true nor false"),
        (with_rule('countries = ["DE"]', "countries = []"), "countries is no list of words"),
        (corrected("checked_on = 2026-11-20", ""), "checked_on is no date"),
        (corrected('when = "quiet"', 'when = "loud"'), "manner 'quiet': when: 'loud' is none of"),
        (
            corrected('["CH"]\nchannels = ["letter"]', '["AT"]\nchannels = ["letter"]'),
            "no rule holds at last for CH, business, letter",
        ),
        ("[[rule]", "rules.toml"),
    ],
)
def test_a_fault_in_the_table_is_said_with_its_place(text: str, fault: str) -> None:
    with pytest.raises(LawError, match=re.escape(fault)):
        read_table(text)


def test_two_rules_that_contradict_each_other_are_a_fault() -> None:
    twice = RULE + RULE.replace('"new"', '"other"').replace(
        'verdict = "allowed"',
        'verdict = "ask_first"\nremedy = { de = "Fragen", en = "Ask" }',
    )
    with pytest.raises(LawError, match="rule 'other': says otherwise than 'new' for DE, business"):
        read_table(corrected(BEFORE, twice + BEFORE))


def test_without_one_of_the_good_manners_the_table_is_not_whole() -> None:
    start = TEXT.index('[[manner]]\nkey = "quiet"')
    end = TEXT.index("# --- what the desk never does")
    with pytest.raises(LawError, match="a manner is missing"):
        read_table(TEXT[:start] + TEXT[end:])
