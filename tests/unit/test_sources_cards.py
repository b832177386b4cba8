"""Contacts as programs write them, and what is left of broken ones."""

from pathlib import Path

import pytest

from nachhaken.sources.card_phones import e164, readable
from nachhaken.sources.cards import Card, Cards, read_cards
from nachhaken.sources.faults import EmptyFile, NotACardFile, say
from nachhaken.sources.kind import Kind, kind_of

SAMPLES = Path(__file__).parents[2].parent / "shared" / "data" / "vcard_ics" / "ez-vcard"


def card(*lines: str, version: str = "3.0", codec: str = "utf-8") -> bytes:
    rows = ["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]
    return "\r\n".join(rows).encode(codec)


def only(raw: bytes) -> Card:
    (found,) = read_cards(raw).cards
    return found


def test_a_card_of_today_in_all_its_parts() -> None:
    found = only(
        card(
            "N:Hallwachs;Ines;Maria;Frau Dr.;",
            "FN:Frau Dr. Ines Maria Hallwachs",
            "ORG:Weingut Hallwachs\\, Söhne;Verkauf",
            "TITLE:Inhaberin",
            "item1.EMAIL;type=INTERNET;type=HOME:ines@gmx.de",
            "item2.EMAIL;type=INTERNET;type=WORK:Ines@Weingut-Hallwachs.example",
            "TEL;type=HOME;type=FAX:09323 555 27 5",
            "TEL;type=CELL;type=VOICE;type=pref:0171 5550123",
            "TEL;type=WORK:09323 555 27 4",
            "item3.ADR;type=WORK:;;Am Kirchberg 3;Iphofen;;97346;Deutschland",
            "NOTE:hat Rücken",
            "BDAY:1970-01-01",
        )
    )
    assert found == Card(
        number=1,
        name="Dr. Ines Hallwachs",
        organisation="Weingut Hallwachs, Söhne",
        role="Inhaberin",
        mails=("ines@weingut-hallwachs.example", "ines@gmx.de"),
        phones=("+491715550123", "+499323555274"),
        salutation="frau",
        address="Am Kirchberg 3\n97346 Iphofen",
        place="Iphofen",
        country="DE",
    )
    assert "Rücken" not in repr(found)


@pytest.mark.parametrize("codec", ["utf-8", "cp1252", "utf-16"])
def test_umlauts_in_every_encoding(codec: str) -> None:
    assert only(card("FN:Jörg Groß", "N:Groß;Jörg;;;", codec=codec)).name == "Jörg Groß"


@pytest.mark.parametrize(
    ("charset", "quoted"),
    [("UTF-8", "J=C3=B6rg Gro=C3=9F"), ("ISO-8859-1", "J=F6rg Gro=DF"), ("x-odd", "J=F6rg Gro=DF")],
)
def test_a_quoted_name_of_vcard_2(charset: str, quoted: str) -> None:
    line = f"FN;CHARSET={charset};ENCODING=QUOTED-PRINTABLE:{quoted}"
    assert only(card(line, version="2.1")).name == "Jörg Groß"


def test_a_quoted_value_goes_on_behind_an_equals_sign() -> None:
    lines = (
        "ORG;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Stra=C3=9Fenbau=",
        "=20Gro=C3=9F;B=C3=BCro",
    )
    assert only(card(*lines, "TEL;WORK:089 5550", version="2.1")).organisation == "Straßenbau Groß"


def test_version_4_writes_addresses_of_the_net_and_counts_preference() -> None:
    found = only(
        card(
            "FN:Urs Meier",
            "KIND:individual",
            'TEL;VALUE=uri;PREF=2;TYPE="work,voice":tel:+41-44-555-12-34',
            "TEL;VALUE=uri;PREF=1;TYPE=cell:tel:+41-79-555-00-11",
            "EMAIL;PREF=50:b@meier.example",
            "EMAIL;PREF=1:a@meier.example",
            version="4.0",
        )
    )
    assert found.phones == ("+41795550011", "+41445551234")
    assert found.mails == ("a@meier.example", "b@meier.example")


def test_a_card_of_a_house_has_no_person() -> None:
    apple = only(card("N:;;;;", "FN:Autohaus Kern", "ORG:Autohaus Kern;", "X-ABShowAs:COMPANY"))
    new = only(card("FN:Autohaus Kern", "KIND:org", version="4.0"))
    assert (apple.name, apple.organisation) == ("", "Autohaus Kern")
    assert new.organisation == "Autohaus Kern"


def test_numbers_without_a_code_are_of_the_country_of_the_address() -> None:
    swiss = "ADR:;;Seestrasse 1;Zürich;;8002;Schweiz"
    there = "ADR:;;Broadway 1;New York;;10001;USA"
    assert only(card("FN:A B", "TEL:044 555 12 34", swiss)).phones == ("+41445551234",)
    assert only(card("FN:A B", "TEL:212 555 1234", there)).phones == ("212 555 1234",)


def test_many_cards_and_the_broken_one_is_told_by_its_number() -> None:
    whole = card("FN:Rosa Huber", "TEL:08023 555 12 4")
    cut = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Halb\r\n"
    found = read_cards(whole + cut + card("CATEGORIES:Kunden") + whole, "alle.vcf")
    assert [one.number for one in found.cards] == [1, 4]
    assert [(fault.row, fault.code) for fault in found.faults] == [
        (2, "cut_card"), (3, "empty_card"),
    ]  # fmt: skip
    assert say(found.faults[0]).startswith("Kontakt 2: ")
    assert say(found.faults[1], "en").startswith("Contact 3: ")


def test_a_group_is_no_contact_and_an_assistant_within_a_card_no_second_one() -> None:
    group = card("FN:Kunden", "KIND:group", "MEMBER:urn:uuid:1", version="4.0")
    agent = card("FN:Chef", "AGENT:", "BEGIN:VCARD", "FN:Assistenz", "END:VCARD", "TEL:089 5550")
    found = read_cards(group + agent)
    assert (found.groups, [one.name for one in found.cards]) == (1, ["Chef"])


def test_photos_cost_nothing() -> None:
    picture = "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ" + "\r\n " + "\r\n ".join(["A" * 70] * 20_000)
    found = only(card("FN:Rosa Huber", picture, "TEL:08023 555 12 4"))
    assert found.phones == ("+498023555124",)


def test_nothing_and_something_else_are_told_apart() -> None:
    with pytest.raises(EmptyFile):
        read_cards(b" \n")
    with pytest.raises(NotACardFile):
        read_cards(b"Name;Telefon\nHuber;089", "leute.vcf")


def test_numbers_for_the_world_and_for_people() -> None:
    assert e164("(0 80 61) 5 55 70-2") == "+498061555702"
    assert e164("Zentrale") == "Zentrale"
    assert readable("+498061555702") == "+49 8061 555702"
    assert readable("Zentrale") == "Zentrale"


def test_a_card_is_known_by_its_first_line() -> None:
    assert kind_of(card("FN:Rosa Huber"), "x") is Kind.VCF
    assert kind_of(b"\xef\xbb\xbfbegin:vcard\n", "x.txt") is Kind.VCF


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no samples on this machine")
def test_every_card_of_real_programs_is_read() -> None:
    there = read = 0
    for path in SAMPLES.glob("*.vcf"):
        raw = path.read_bytes()
        found: Cards = read_cards(raw, path.name)
        there += raw.upper().count(b"BEGIN:VCARD")
        read += len(found.cards)
        assert not found.faults, path.name
    assert read == there == 25
