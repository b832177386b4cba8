"""Whether a contact is allowed: the rules as a table by country, and who reads it."""

from nachhaken.plan.law.facts import Contact, Facts, contact_of, facts_of
from nachhaken.plan.law.permission import decide, permission_of, rule_of_consent
from nachhaken.plan.law.purposes import purpose_of
from nachhaken.plan.law.rows import LawError
from nachhaken.plan.law.rules import Plain, Rule, Table, read_table, table
from nachhaken.plan.law.values import Permission

__all__ = [
    "Contact",
    "Facts",
    "LawError",
    "Permission",
    "Plain",
    "Rule",
    "Table",
    "contact_of",
    "decide",
    "facts_of",
    "permission_of",
    "purpose_of",
    "read_table",
    "rule_of_consent",
    "table",
]
