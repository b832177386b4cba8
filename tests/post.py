"""A mailbox of this morning: an answer of a known customer, and a mail of a stranger."""

from datetime import datetime, timedelta

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
Subject: Re: Geländer Nordseite
Content-Type: text/plain; charset=utf-8

Wie besprochen hätten wir das Geländer gern in Anthrazit.
"""


def mailbox(sender: str, *, now: datetime, said: str = JANUARY) -> bytes:
    """Return the bytes of the .mbox; `sender` is the customer as in a From line."""
    date = (now - timedelta(hours=3)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    return _MAILBOX.format(date=date, sender=sender, said=said).encode()
