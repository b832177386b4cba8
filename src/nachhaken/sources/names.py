"""Names of houses and people, taken apart so that the spellings of one name find each other."""

import re
from dataclasses import dataclass
from functools import lru_cache

from nachhaken.sources.spelling import fold

_LEGAL = frozenset(
    """
    gmbh mbh ggmbh ag kg kgaa ohg ug gbr ek eu se ev eg co cie cokg partg partgmbb mbb
    haftungsbeschrankt gesellschaft beschrankter haftung gesmbh og sarl sa ltd
    limited inc llc plc bv nv srl spa inh inhaber inhaberin firma fa einzelunternehmen
    eingetragene genossenschaft eingetragener kaufmann kauffrau verein
    """.split()  # noqa: SIM905 - read as a list of words
)
# "e. K.", "Ges.m.b.H.", "S.à r.l.", "GmbH & Co. KG": points and blanks within a legal form.
_DOTTED = re.compile(r"\b(?:[a-z]\.\s?){2,}|\bges\.?\s?m\.?\s?b\.?\s?h\b\.?|\bs\.?\sa\sr\.?l\b\.?")
_JOINING = frozenset({"und", "and", "et", "u", "m", "b", "h", "mit", "i", "gr"})
_TITLES = frozenset(
    """
    herr herrn hr frau fr fraulein familie fam dr prof mag dipl ing di ba ma msc bsc mba dkfm kfm
    arch architekt architektin mr mrs ms sir jun jr sen sr phd med dent vet jur rer nat habil hc
    fh tu univ
    """.split()  # noqa: SIM905 - read as a list of words
)
_PARTICLES = frozenset({"von", "van", "vom", "de", "der", "den", "zu", "zum", "zur", "di", "la"})
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

HOUSE_LIKE = 0.86
"""From here on two names of houses are alike (measured on tests/corpus/twins/pairs.csv)."""

PERSON_LIKE = 0.8
"""From here on two names of people are alike (measured on the same pairs)."""

_SHORTEST_FUZZY = 5


@dataclass(frozen=True, slots=True)
class PersonName:
    """Folded first names (or their initials) and the last name; either may be empty."""

    first: tuple[str, ...]
    last: str

    @property
    def is_full(self) -> bool:
        """There is a last name and a first name that is more than a letter."""
        return bool(self.last) and any(len(name) > 1 for name in self.first)


@lru_cache(maxsize=100_000)
def house_name(name: str) -> str:
    """Return the folded name of a house without its legal form: equal for its spellings.

    A name that is nothing but legal forms is kept whole.
    """
    folded = _DOTTED.sub(lambda found: found[0].replace(".", "").replace(" ", "") + " ", fold(name))
    words = [word.replace("'", "").replace("’", "") for word in _WORD.findall(folded)]
    kept = [word for word in words if word not in _LEGAL and word not in _JOINING]
    return " ".join(kept or words)


def house_key(name: str) -> str:
    """Return what is equal for one name in any order of its words: Huber Metallbau."""
    return " ".join(sorted(house_name(name).split()))


def last_names(name: str) -> tuple[str, ...]:
    """Return what may be the last name: "Lehner Maria" stands so in many a list."""
    parts = person_name(name)
    return tuple(filter(None, (parts.last, *parts.first[:1])))


@lru_cache(maxsize=100_000)
def person_name(name: str) -> PersonName:
    """Return the parts of "Müller, Hans", "Dr. Hans Müller", "H. Mueller": the same last name."""
    bare = re.sub(r"\([^)]*\)|[\"„“”<>]", " ", name.partition("|")[0])
    before, comma, after = bare.partition(",")
    if comma and (first := _words(after)):
        return _person(first, _words(before))
    words = _words(before)
    if len(words) < 2:  # noqa: PLR2004 - one word alone is a last name
        return _person([], words)
    cut = next((i for i, word in enumerate(words) if i and word in _PARTICLES), len(words) - 1)
    return _person(words[:cut], words[cut:])


def house_likeness(one: str, other: str) -> float:
    """Return from 0 to 1 how alike two names of houses are; 1: equal but for spelling and form."""
    a, b = house_name(one), house_name(other)
    if not a or not b:
        return 0.0
    if sorted(a.split()) == sorted(b.split()) or a.replace(" ", "") == b.replace(" ", ""):
        return 1.0
    if sorted(re.findall(r"\d+", a)) != sorted(re.findall(r"\d+", b)):
        return 0.0
    return min(_by_words(a.split(), b.split()), 0.99)


def person_likeness(one: str, other: str) -> float:
    """Return from 0 to 1 how alike two names of people are.

    1: the same first and last name in any order and spelling; 0.85: an initial stands for the first
    name; 0.5: one of them names no first name. Another first name is another person: 0.
    """
    a, b = person_name(one), person_name(other)
    if not a.last or not b.last:
        return 0.0
    if a.first == (b.last,) and b.first == (a.last,):
        return 0.85  # "Groß Anna", as in a list; or somebody called Hans Peter and a Peter Hans
    last = _last_likeness(a, b)
    if last == 0:
        return 0.0
    if not a.first or not b.first:
        return 0.5 * last
    return last * _first_likeness(a.first, b.first)


def _words(text: str) -> list[str]:
    """Return the words of a name; a double name is one word with its hyphen."""
    bare = fold(text).replace("'", "").replace("’", "").replace("ph", "f")
    found = re.findall(r"[^\W_]+(?:-[^\W_]+)*", bare)
    return [word for word in found if word not in _TITLES]


def _person(first: list[str], last: list[str]) -> PersonName:
    parts = [part for word in first for part in word.split("-")]
    return PersonName(tuple(parts), " ".join(last).replace("-", " "))


def _by_words(a: list[str], b: list[str]) -> float:
    """Each word of the shorter name has to find its like; what the other has beside costs."""
    few, many = sorted((a, b), key=len)
    left, found = list(many), 0.0
    for word in few:
        best = max(left, key=lambda other: _word_likeness(word, other), default="")
        likeness = _word_likeness(word, best)
        if likeness == 0:
            return 0.0
        found += likeness
        left.remove(best)
    beside = sum(map(len, left)) / max(1, sum(map(len, many)))
    return found / len(few) * (1 - 0.6 * beside)


def _word_likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if max(len(one), len(other)) < _SHORTEST_FUZZY:
        return 0.0
    # A slip of the hand is within a word; another first letter is another name (Bauer, Hauer).
    return 0.9 if one[0] == other[0] and _is_slip(one, other) else 0.0


def _last_likeness(a: PersonName, b: PersonName) -> float:
    if a.last == b.last:
        return 1.0
    one, other = set(a.last.split()), set(b.last.split())
    if one & other and (one < other or other < one):
        return 0.9  # a double name of which one part is left out, or a "von"
    long_enough = min(len(a.last), len(b.last)) >= _SHORTEST_FUZZY
    return 0.9 if long_enough and a.last[0] == b.last[0] and _is_slip(a.last, b.last) else 0.0


def _first_likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    if set(one) & set(other) and any(len(name) > 1 for name in set(one) & set(other)):
        return 1.0
    a, b = one[0], other[0]
    if len(a) == 1 or len(b) == 1:
        return 0.85 if a[0] == b[0] else 0.0
    near = a[0] == b[0] and min(len(a), len(b)) >= _SHORTEST_FUZZY
    return 0.85 if near and _is_slip(a, b) else 0.0


def _is_slip(one: str, other: str) -> bool:
    """One letter is missing, too many, another one, or two have changed places."""
    from rapidfuzz.distance import DamerauLevenshtein  # noqa: PLC0415 - only who compares needs it

    return DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1
