"""Labelled pairs: what is said to be the same is, and what is different is not even asked about."""

import csv
from pathlib import Path

import pytest

from nachhaken.sources.likeness import SAME, House, Somebody, alike, alike_people

PAIRS = Path(__file__).parent / "twins" / "pairs.csv"


def rows() -> list[dict[str, str]]:
    with PAIRS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="|"))


def house(told: str, pk: int) -> House:
    name, *rest = (part.strip() for part in told.split(";"))
    named = dict(part.split("=", 1) for part in rest if "=" in part)
    bare = [part for part in rest if "=" not in part and part != "private"]
    return House(
        id=pk,
        name=name,
        place=bare[0] if bare else "",
        address=named.get("address", "").replace("\\n", "\n"),
        region=named.get("region", "DE"),
        is_consumer="private" in rest,
        mails=tuple(filter(None, [named.get("mail")])),
        phones=tuple(filter(None, [named.get("phone")])),
        people=tuple(filter(None, [named.get("person")])),
    )


def somebody(told: str, pk: int) -> Somebody:
    name, *rest = (part.strip() for part in told.split(";"))
    named = dict(part.split("=", 1) for part in rest)
    mail, phone = named.get("mail", ""), named.get("phone", "")
    return Somebody(id=pk, house=1, name=name, mail=mail, phone=phone)


def strength(row: dict[str, str]) -> float:
    if row["kind"] == "house":
        pair = alike(house(row["one"], 1), house(row["other"], 2))
    else:
        pair = alike_people(somebody(row["one"], 1), somebody(row["other"], 2))
    return pair.strength if pair else 0.0


def test_there_are_enough_pairs_of_every_label() -> None:
    labels = [row["label"] for row in rows()]
    assert len(labels) >= 100
    assert min(labels.count(label) for label in ("same", "different", "unclear")) >= 10


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['one']} / {row['other']}"[:60])
def test_a_pair_is_weighed_as_a_person_would(row: dict[str, str]) -> None:
    found = strength(row)
    assert strength(row | {"one": row["other"], "other": row["one"]}) == found
    if row["label"] == "different":
        assert found < SAME
    if row["label"] == "unclear":
        assert 0 < found < SAME


def test_precision_and_recall() -> None:
    weighed = [(row["label"], strength(row)) for row in rows()]
    sure = [label for label, found in weighed if found >= SAME]
    same = [found for label, found in weighed if label == "same"]
    other = [found for label, found in weighed if label == "different"]
    assert sure.count("same") == len(sure)
    assert sum(found >= SAME for found in same) / len(same) >= 0.85
    assert sum(found > 0 for found in same) / len(same) >= 0.97
    assert sum(found > 0 for found in other) / len(other) <= 0.05
