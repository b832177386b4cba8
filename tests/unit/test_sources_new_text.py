"""New text apart from quoted history and signature, as the mail programs here write them."""

from pathlib import Path
from textwrap import dedent

import pytest

from nachhaken.sources.html_text import html_text
from nachhaken.sources.new_text import new_text

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
    "postscript": (
        "LG Rosa\n\nTel. 0171 555 11 22\n\nPS: Bitte in Anthrazit.\n\nHRB 1234",
        "LG Rosa\n\nPS: Bitte in Anthrazit.",
    ),
}


@pytest.mark.parametrize(("signature", "kept"), SIGNATURES.values(), ids=SIGNATURES.keys())
def test_signatures_go_and_names_stay(signature: str, kept: str) -> None:
    assert new_text(mail(signature)) == f"Hallo Frau Brandt,\n\n{SAID}\n\n{kept}".strip()


@pytest.mark.parametrize(
    "said",
    [
        "Ich bin am 3. März da und erreichbar unter 08024 555 11 2.",
        "Am Montag schrieb mir mein Mann: lieber Eiche.",
        "Von: der Straße aus gesehen passt es.",
        "Schöne Grüße an Herrn Wirth! Wir bestellen.\nBitte im Mai liefern.",
        "- Podest schmaler\n- Geländer in Anthrazit\n- Montage im Mai",
        "An: zwei Stellen fehlt noch das Maß.",
        "👍",
    ],
)
def test_what_only_looks_like_history_stays(said: str) -> None:
    assert new_text(said) == said


def test_answers_between_the_quoted_lines_stay() -> None:
    text = dedent("""
        Am 12.11.2026 um 09:12 schrieb Katharina Brandt <k.brandt@metallbau-brandt.example>:
        > Welche Farbe?
        Anthrazit.
        > Wann passt die Montage?
        Im Mai.
        """)
    assert new_text(text) == "Anthrazit.\nIm Mai."


@pytest.mark.parametrize(
    "text",
    ["> nur Zitat", "-----Ursprüngliche Nachricht-----\nVon: A\nAn: B", "-- \nRosa", "Gruß\nRosa"],
)
def test_never_empty_where_there_are_words(text: str) -> None:
    assert new_text(text).strip()


def test_html_becomes_lines_with_marked_quotes() -> None:
    markup = (
        "<html><head><style>p {color: red}</style></head><body><p>Gr&uuml;&szlig; Gott,</p>"
        "<div>passt<br>so</div><div><br></div>"
        "<blockquote><div>Erst im <b>Januar</b></div></blockquote></body></html>"
    )
    assert html_text(markup) == "Grüß Gott,\n\npasst\nso\n\n> Erst im Januar"


def test_outlook_html_is_cut_at_its_mark() -> None:
    markup = (
        "<div>Passt so.</div><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'>"
        "<b>Von:</b> Katharina Brandt<br><b>Gesendet:</b> Donnerstag, 12. November<br>"
        "<b>An:</b> Rosa Huber<br><b>Betreff:</b> Angebot</div><div>Erst im Januar</div>"
    )
    assert new_text(html_text(markup)) == "Passt so."


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the foreign mail fixtures are not here")
def test_foreign_mails_never_come_back_empty() -> None:
    files = [f for f in FIXTURES.rglob("*") if f.suffix in {".txt", ".html", ""} and f.is_file()]
    assert len(files) > 100
    for file in files:
        text = file.read_text("utf-8", "replace")
        text = html_text(text) if file.suffix == ".html" else text
        assert new_text(text).strip() or not text.strip(), file.name


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the foreign mail fixtures are not here")
def test_foreign_quotations_are_mostly_cut() -> None:
    files = [f for f in FIXTURES.rglob("email_*.txt") if f.is_file()]
    left = [f.name for f in files if "\n> " in new_text(f.read_text("utf-8", "replace"))]
    assert len(left) <= 2, left


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
