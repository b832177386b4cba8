"""How long it takes to find who is there twice among many."""

from collections.abc import Iterator
from random import Random
from time import process_time

from nachhaken.sources.likeness import House, Somebody, like_houses, like_people
from tests.speed import Row, measure

HOUSES = 50_000
TRADES = ("Metallbau", "Holzbau", "Elektro", "Autohaus", "Praxis", "Hotel", "Gärtnerei", "Kanzlei")
FORMS = ("GmbH", "GmbH & Co. KG", "e.K.", "AG", "")
SYLLABLES = ("hu", "ber", "mai", "er", "brand", "sei", "del", "kern", "leh", "ner", "gru", "stö")


def name_of(rng: Random) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 3, 3, 4)))).title()


def house_of(pk: int, rng: Random) -> House:
    last, town = name_of(rng), f"{name_of(rng)}heim"
    return House(
        id=pk,
        name=f"{rng.choice(TRADES)} {last} {rng.choice(FORMS)}",
        place=town,
        mails=(f"info@{last.lower()}-{town.lower()}-{pk}.example",),
        phones=(f"08{rng.randrange(100, 999)} {rng.randrange(10_000, 999_999)}",),
        people=(f"{name_of(rng)} {last}",),
    )


@measure
def houses() -> Iterator[Row]:
    """Fifty thousand houses, of which every hundredth is there twice in another spelling."""
    rng = Random(7)
    rows = [house_of(pk, rng) for pk in range(1, HOUSES - HOUSES // 100 + 1)]
    again = rng.sample(rows, HOUSES // 100)
    rows += [
        House(id=HOUSES + n, name=one.name.upper().replace("Ö", "OE"), place=one.place)
        for n, one in enumerate(again)
    ]
    start = process_time()
    found = like_houses(rows)
    took = process_time() - start
    wanted = {(one.id, HOUSES + n) for n, one in enumerate(again)}
    hits = wanted & {(pair.first, pair.second) for pair in found}
    yield Row("Find twins among 50,000 prospects", took, "s of one core", at_most=15)
    yield Row(
        "Of the twins made by spelling, found", 100 * len(hits) / len(wanted), "%", at_least=99
    )


@measure
def people() -> Iterator[Row]:
    """A hundred thousand people, two at a house."""
    rng = Random(8)
    rows = [
        Somebody(id=pk, house=pk // 2, name=f"{name_of(rng)} {name_of(rng)}")
        for pk in range(1, 2 * HOUSES + 1)
    ]
    start = process_time()
    like_people(rows)
    yield Row(
        "Find twins among 100,000 people", process_time() - start, "s of one core", at_most=10
    )
