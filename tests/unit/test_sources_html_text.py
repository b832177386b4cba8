"""The words of HTML mails: what mail programs mark as quoted, and markup that is broken."""

import pytest

from nachhaken.sources.html_text import html_text
from nachhaken.sources.new_text import new_text


def test_html_becomes_lines_with_marked_quotes() -> None:
    markup = (
        "<html><head><style>p {color: red}</style></head><body><p>Gr&uuml;&szlig; Gott,</p>"
        "<div>passt<br>so</div><div><br></div>"
        "<blockquote><div>Erst im <b>Januar</b></div></blockquote></body></html>"
    )
    assert html_text(markup) == "Grüß Gott,\n\npasst\nso\n\n> Erst im Januar"


OLD = "<div>Erst im Januar</div>"
STRUCTURES = {
    "outlook web": f"<div id='appendonsend'></div><hr><div id=divRplyFwdMsg>Af: Jo</div>{OLD}",
    "outlook 2003": f'<div class="OutlookMessageHeader">Af: Jo</div>{OLD}',
    "outlook 2016": f"<div style='border:none;border-top:solid #E1E1E1 1.0pt'>Af: Jo</div>{OLD}",
    "outlook for mac": f'<span id="OLK_SRC_BODY_SECTION"><div>Af: Jo</div>{OLD}</span>',
    "outlook on a telephone": f'<div id="mail-editor-reference-message-container">{OLD}</div>',
    "gmail": f'<div class="gmail_quote"><blockquote class="gmail_quote">{OLD}</blockquote></div>',
    "thunderbird": f"<div class=moz-cite-prefix>Jo:</div><blockquote type=cite>{OLD}</blockquote>",
    "yahoo": f'<div id="ydp1yahoo_quoted" class="yahoo_quoted"><div>Jo sagte</div>{OLD}</div>',
    "proton": f'<div class="protonmail_quote"><div>Jo sagte</div>{OLD}</div>',
    "web.de": f'<div name="quote"><div><b>Jo sagte</b></div>{OLD}</div>',
    "a blockquote of its own": f"<blockquote>{OLD}</blockquote>",
    "a signature": '<div class="gmail_signature" data-smartmail="x">Rosa, 3. Mai</div>',
    "comment": "<!-- <div>Erst im Januar</div> -->",
    "style": "<style>p {color: red}</style>",
}  # fmt: skip


@pytest.mark.parametrize("old", STRUCTURES.values(), ids=STRUCTURES.keys())
def test_html_is_cut_by_its_structure(old: str) -> None:
    assert new_text(html_text(f"<body><p>Passt so.</p>{old}</body>")) == "Passt so."


def test_what_stands_below_a_quote_in_html_stays() -> None:
    markup = f'<div class="yahoo_quoted"><div>{OLD}</div></div><p>Passt so.</p>'
    assert new_text(html_text(markup)) == "Passt so."
    assert new_text(html_text(f"<blockquote type=cite>{OLD}</blockquote><p>Ja.")) == "Ja."


def test_an_indented_paragraph_in_html_is_no_quote() -> None:
    indented = '<blockquote style="margin: 0 0 0 40px; border: none">Festpreis</blockquote>'
    assert new_text(html_text(f"<div>Bedingung:</div>{indented}")) == "Bedingung:\n\nFestpreis"


@pytest.mark.parametrize(
    "markup", ["<title>Passt", "<style>Passt", "<b", "<!-- Passt", "<p>Passt</"]
)
def test_broken_html_is_read_as_far_as_it_goes(markup: str) -> None:
    assert html_text(f"Gut. {markup}").startswith("Gut.")


def test_a_value_may_hold_the_sign_that_ends_a_tag() -> None:
    assert (
        html_text('<a title="a > b" href="x">Passt</a> so &amp; gut, 3 < 4')
        == "Passt so & gut, 3 < 4"
    )
