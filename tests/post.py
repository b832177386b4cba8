"""Mails for the tests: a mailbox of this morning, single mails, and what came back."""

from datetime import datetime, timedelta
from pathlib import Path

JANUARY = "Rufen Sie mich im Januar bitte noch einmal an."
_MAILBOX = """From - x
Message-ID: <1@known.example>
Date: {date}
From: {sender}
To: Katrin Brandt <katrin@brandt.example>
Subject: Re: Ihr Angebot
Content-Type: text/plain; charset=utf-8

{said}

From - x
Message-ID: <2@lang.example>
Date: {date}
From: H. Lang <h.lang@web.de>
To: Katrin Brandt <katrin@brandt.example>
Subject: Anfrage Geländer Nordseite
Content-Type: text/plain; charset=utf-8

Wie besprochen hätten wir das Geländer gern in Anthrazit.
"""


def mailbox(sender: str, *, now: datetime, said: str = JANUARY) -> bytes:
    """Return the bytes of the .mbox; `sender` is the customer as in a From line."""
    date = (now - timedelta(hours=3)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    return _MAILBOX.format(date=date, sender=sender, said=said).encode()


BOUNCES = Path(__file__).parent / "corpus" / "bounces"
HUBER = "huber@alpenblick.example"
ME = "katrin@brandt.example"
SENT = "angebot-0417@brandt.example"


def mail(*, number: str, said: str, at: datetime, to: str = HUBER, sender: str = ME) -> bytes:
    return (
        f"Message-ID: <{number}>\r\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\r\n"
        f"From: <{sender}>\r\nTo: <{to}>\r\nSubject: Ihr Angebot 2026-0417\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{said}\r\n"
    ).encode()


def bounce(
    name: str = "postfix-unknown", *, at: datetime, of: str = SENT, address: str = HUBER
) -> bytes:
    """A bounce of the corpus as if it were one of our mail."""
    raw = (BOUNCES / f"{name}.eml").read_bytes().decode()
    raw = raw.replace("20261120-1701@metallbau-brandt.example", of)
    raw = raw.replace("huber@pension-alpenblick.example", address)
    raw = raw.replace("k.brandt@metallbau-brandt.example", ME)
    date = f"Date: {at:%a, %d %b %Y %H:%M:%S} +0000"
    return raw.replace("Date: Fri, 20 Nov 2026 09:12:31 +0100", date, 1).encode()
