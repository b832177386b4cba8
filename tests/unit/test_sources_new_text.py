"""New text apart from quoted history and signature, as the mail programs here write them."""

from pathlib import Path
from textwrap import dedent

import pytest

from nachhaken.sources.charsets import decoded
from nachhaken.sources.html_text import html_text
from nachhaken.sources.mail import parse_message
from nachhaken.sources.new_text import EXAMINED, new_text, own_part
from tests.corpus.mails.tally import mails

FIXTURES = Path(__file__).parents[2].parent / "shared" / "data" / "mail"

SAID = "passt so, wir nehmen die Variante mit Eiche."

QUOTES = {
    "outlook divider": """
        -----Ursprüngliche Nachricht-----
        Von: Katharina Brandt <k.brandt@metallbau-brandt.example>
        Gesendet: Donnerstag, 12. November 2026 09:12
        An: Rosa Huber
        Betreff: Angebot AN-1412

        Erst im Januar wieder melden.""",
    "outlook block": """
        Von: Katharina Brandt
        Gesendet: Donnerstag, 12. November 2026 09:12
        An: Rosa Huber
        Betreff: Angebot AN-1412

        Erst im Januar wieder melden.""",
    "outlook rule": """
        ________________________________
        Von: Katharina Brandt
        Datum: Donnerstag, 12. November 2026 um 09:12
        An: Rosa Huber
        Betreff: Angebot AN-1412

        Erst im Januar wieder melden.""",
    "bold outlook block": """
        *Von:* Katharina Brandt
        *Gesendet:* Donnerstag, 12. November 2026 09:12
        *An:* Rosa Huber

        Erst im Januar wieder melden.""",
    "gmx": """
        Gesendet: Donnerstag, 12. November 2026 um 09:12 Uhr
        Von: "Katharina Brandt" <k.brandt@metallbau-brandt.example>
        An: huber@pension-alpenblick.example
        Betreff: Angebot AN-1412
        Erst im Januar wieder melden.""",
    "gmail": """
        Am Do., 12. Nov. 2026 um 09:12 Uhr schrieb Katharina Brandt <
        k.brandt@metallbau-brandt.example>:

        > Erst im Januar wieder melden.""",
    "apple": """
        > Am 12.11.2026 um 09:12 schrieb Katharina Brandt <k.brandt@metallbau-brandt.example>:
        >
        > Erst im Januar wieder melden.""",
    "apple without marks": """
        Am 12.11.2026 um 09:12 schrieb Katharina Brandt <k.brandt@metallbau-brandt.example>:

        Erst im Januar wieder melden.""",
    "open-xchange": """
        K. Brandt <k.brandt@metallbau-brandt.example> hat am 12.11.2026 09:12 CET geschrieben:

        Erst im Januar wieder melden.""",
    "name first": """
        Katharina Brandt schrieb am 12.11.2026 um 09:12:
        > Erst im Januar wieder melden.""",
    "english": """
        On Thu, Nov 12, 2026 at 9:12 AM Katharina Brandt <k.brandt@metallbau-brandt.example> wrote:
        > Erst im Januar wieder melden.""",
    "french": """
        Le jeu. 12 nov. 2026 à 09:12, Katharina Brandt <k.brandt@metallbau-brandt.example> a écrit :
        > Erst im Januar wieder melden.""",
    "dutch, by the library": """
        Van: Katharina Brandt
        Verzonden: donderdag 12 november 2026 09:12
        Aan: Rosa Huber
        Onderwerp: Angebot

        Erst im Januar wieder melden.""",
    "forward": """
        Anfang der weitergeleiteten Nachricht:

        Von: Katharina Brandt
        Erst im Januar wieder melden.""",
}


def mail(after: str, said: str = SAID) -> str:
    return f"Hallo Frau Brandt,\n\n{said}\n\n{dedent(after).strip()}\n"


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES.keys())
def test_quoted_history_goes(quote: str) -> None:
    assert new_text(mail(quote)) == f"Hallo Frau Brandt,\n\n{SAID}"


BY_ORDER = "Mit freundlichen Grüßen\ni. A.\nRosa Huber"
SIGNATURES = {
    "dashes": ("-- \nRosa Huber\nPension Alpenblick\nTel. 08024 555 11 2", ""),
    "formula": (
        """Mit freundlichen Grüßen\n\nRosa Huber\nPension Alpenblick GmbH\nTel. 08024 555 11 2\n
Bürozeiten: 1. April bis 31. Oktober""",
        "Mit freundlichen Grüßen\n\nRosa Huber",
    ),
    "short": ("MfG\nHuber\n\nAm Anger 3, 83607 Holzkirchen", "MfG\nHuber"),
    "one line": ("VG Rosa\n\n+49 8024 555 11 2", "VG Rosa"),
    "swiss": ("Freundliche Grüsse\nUrs Kälin\nKälin AG", "Freundliche Grüsse\nUrs Kälin"),
    "thanks and greeting": (
        "Vielen Dank und schöne Grüße aus Tölz\nRosa\nwww.alpenblick.example",
        "Vielen Dank und schöne Grüße aus Tölz\nRosa",
    ),
    "phone": ("Von meinem iPhone gesendet", ""),
    "android": ("Gesendet mit der GMX Mail App", ""),
    "by order": ("Mit freundlichen Grüßen\ni. A.\nRosa Huber\nEinkauf", BY_ORDER),
    "card without formula": ("Rosa Huber\nAlpenblick\nTel. 08024 555 11 2", "Rosa Huber"),
    "small print": ("Diese E-Mail enthält vertrauliche Informationen. Frist: 3. März.", ""),
    "by order alone": ("i. A. Rosa Huber\nEinkauf Pension Alpenblick", "i. A. Rosa Huber"),
    "title with dots": ("Beste Grüße\nRosa Huber, Lehrerin a. D.\nAm Anger 3", None),
    "card without numbers": (
        "Rosa Huber\nPension Alpenblick\nSaison Mai bis Oktober",
        "Rosa Huber",
    ),
    "wishes": ("Einen schönen Tag wünscht\nRosa Huber\nEmpfang", None),
    "pronoun in the formula": ("Es grüßt Sie\nRosa Huber\nEmpfang", None),
    "two languages": ("Mit besten Grüßen / Kind regards\nRosa Huber\nEmpfang", None),
    "name with a remark": ("Grüße, Rosa (für Jo)\nPension Alpenblick", "Grüße, Rosa (für Jo)"),
    "postscript": (
        "LG Rosa\n\nTel. 0171 555 11 22\n\nPS: Bitte in Anthrazit.\n\nHRB 1234",
        "LG Rosa\n\nPS: Bitte in Anthrazit.",
    ),
}


@pytest.mark.parametrize(("signature", "kept"), SIGNATURES.values(), ids=SIGNATURES.keys())
def test_signatures_go_and_names_stay(signature: str, kept: str | None) -> None:
    kept = signature.rpartition("\n")[0] if kept is None else kept
    assert new_text(mail(signature)) == f"Hallo Frau Brandt,\n\n{SAID}\n\n{kept}".strip()


STAYS = [
    "Ich bin am 3. März da und erreichbar unter 08024 555 11 2.",
    "Am Montag schrieb mir mein Mann: lieber Eiche.",
    "Am 9.11.2026 hat er mir geschrieben:\nOhne Tür keine Freigabe.",
    "Am 9.11.2026 schrieb mir Herr Kern:\nOhne Tür keine Freigabe.",
    "Von: der Straße aus gesehen passt es.",
    "Von: 12.3. bis 15.3.\nAn: 16.3.\nDanach passt es.",
    "Von: Tölz\nAn: München\nDatum: 3. März\nBitte Transport anbieten.",
    "Schöne Grüße an Herrn Wirth! Wir bestellen.\nBitte im Mai liefern.",
    "Schöne Grüße an Ihr Team, wir bestellen!\n\nBitte liefern Sie im Mai.",
    "Guten Tag,\nGrüße von der Messe! Wir melden uns.\nIm März ist Stadtrat.\nGruß\nTom",
    "Danke!\nPasst so.\nBitte noch die Rechnung an lager@braeu.example schicken.",
    "- Podest schmaler\n- Geländer in Anthrazit\n- Montage im Mai",
    "An: zwei Stellen fehlt noch das Maß.",
    "Diese Mail ist für Herrn Kern bestimmt, bitte weiterleiten. Wir nehmen an.",
    "Passt.\nHinweis: Bitte die Lieferung per Mail ankündigen.\nRest folgt.",
    "Passt.\n\nInformationen zum Datenschutz brauchen wir noch von Ihnen.",
    "Gut.\nBitte prüfen Sie den Wasserdruck im Bad.\nDanke",
    "Hallo,\nder Inhalt dieser Mail hat mich überrascht. Ist der Preis ernst gemeint?",
    "Hallo,\ndie Muster werden\nGesendet mit der Post am Montag\nund dann sehen wir weiter.",
    "Achtung: neue Adresse!\nWir bestellen.",
    "Diese Nachricht geht an externe Planer.\nWir warten noch.",
    "Bitte rufen Sie unseren Bauleiter an:\n\nHerr Lutz\nTel. 0171 5551122",
    "Wir bestellen.\n\nLieferadresse: Lager 2\nMüller GmbH\nTel. 0171 5551122",
    "Position 1 ja\n----\nPosition 2 nein, siehe www.katalog.example\n\nGruß\nRosa",
    "👍",
    "✅",
    "?",
    ":-)",
    "Danke",
    "LG Rosa",
]


@pytest.mark.parametrize("said", STAYS)
def test_what_only_looks_like_history_or_signature_stays(said: str) -> None:
    assert new_text(said) == said


GOES = {
    "warning": "[EXTERN] Diese E-Mail kommt von außerhalb.\nKlicken Sie nicht auf Links.\n\nPasst.",
    "small print": "Passt.\n\nDiese E-Mail ist nur für Sie bestimmt. " + "Frist 3.3. " * 40,
    "tree": "Passt.\n\n🌳 Bitte denken Sie an die Umwelt, bevor Sie diese E-Mail drucken.",
    "device behind the words": "Passt. Von meinem iPhone gesendet",
    "text below a telephone's line": "Passt.\n\nGesendet von Outlook für iOS\n\nFrüheres.",
    "place to answer": "Passt.\n\n##- Bitte antworten Sie über dieser Zeile -##\nFrüheres.",
    "lotus": "Passt.\n\nJo <jo@b.example>\n16.10.2026 15:45\n\nAn\nrosa@b.example\n\nFrüheres.",
    "any language": "Passt.\n\n30 апр. 2025 г. в 15:19, John Doe <doe@b.example>:\n\nFrüheres.",
    "zoho": "Passt.\n\n---- On Wed, 24 Feb 2021 14:02:50 +0530 jo@b.example wrote ----\nFrüheres.",
    "wrapped before the colon": "Passt.\n\nAm 3.3.2026 um 8:00 schrieb Jo <jo@b.example\n>:\n> alt",
    "spilt quote": "> " + "Wort " * 15 + "und\nnoch eines\n> mehr\nPasst.",
}  # fmt: skip


@pytest.mark.parametrize("text", GOES.values(), ids=GOES.keys())
def test_what_programs_add_goes(text: str) -> None:
    assert new_text(text) == "Passt."


@pytest.mark.parametrize("number", range(1, 8))
def test_the_mails_of_the_corpus_come_out_exactly(number: int) -> None:
    found = [mail for mail in mails() if mail.round == number]
    wrong = [mail.id for mail in found if not mail.is_right]
    assert len(wrong) <= 0.03 * len(found), wrong


def test_the_own_part_of_the_corpus_is_the_new_text_at_its_place() -> None:
    for mail in mails():
        text = mail.text or parse_message(mail.raw).full_text
        own = own_part(text)
        assert own.split() == new_text(text).split(), mail.id
        assert all(a in {b, " "} for a, b in zip(own, text, strict=True)), mail.id


def test_only_the_head_of_a_huge_mail_is_looked_at() -> None:
    text = "Passt so.\n\n" + "noch ein Wort\n" * (EXAMINED // 4)
    said = new_text(text)
    assert said.startswith("Passt so.")
    assert len(said) <= EXAMINED
    own = own_part(text)
    assert len(own) == len(text)
    assert own.count("\n") == text.count("\n")
    assert not own[EXAMINED:].strip()


@pytest.mark.parametrize(
    "text",
    ["> nur Zitat", "-----Ursprüngliche Nachricht-----\nVon: A\nAn: B", "-- \nRosa", "Gruß\nRosa"],
)
def test_never_empty_where_there_are_words(text: str) -> None:
    assert new_text(text).strip()


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the foreign mail fixtures are not here")
def test_foreign_mails_never_come_back_empty() -> None:
    files = [f for f in sorted(FIXTURES.rglob("*")) if f.is_file()]
    assert len(files) > 250
    assert len({f.parent for f in files}) == 5
    for file in files:
        text = decoded(file.read_bytes())
        for form in {text, html_text(text)}:
            assert new_text(form) or not any(map(str.isalnum, form)), file.name
            assert len(own_part(form)) == len(form), file.name


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the foreign mail fixtures are not here")
def test_foreign_quotations_are_mostly_cut() -> None:
    files = [f for f in FIXTURES.rglob("email_*.txt") if f.is_file()]
    left = [f.name for f in files if "\n> " in new_text(f.read_text("utf-8", "replace"))]
    assert left == []


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the foreign mail fixtures are not here")
def test_the_same_foreign_reply_comes_out_of_many_programs_mails() -> None:
    texts = [f.read_text("utf-8") for f in FIXTURES.glob("crisp*/*.txt")]
    replies = [text for text in texts if text.startswith("Fusce bibendum")]
    right = [text for text in replies if new_text(text).endswith("nec nec nibh.")]
    assert len(replies) > 40
    assert len(right) >= 0.97 * len(replies)


def test_an_answer_below_a_quoted_header_stays() -> None:
    text = dedent("""
        > Von: Katharina Brandt
        > Gesendet: Donnerstag, 12. November 2026 09:12
        > An: Rosa Huber
        >
        > Welche Farbe?
        Anthrazit.
        """)
    assert new_text(text) == "Anthrazit."
