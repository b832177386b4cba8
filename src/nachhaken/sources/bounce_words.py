"""What mail servers write when a delivery fails: phrases of the usual ones, German and English."""

import re

DAEMON = re.compile(
    r"(?:mailer-?daemon|post-?master|mail-?daemon|mail\.?delivery|microsoftexchange[0-9a-f]+|"
    r"mdaemon|mail-?system)(?:[-+._\d]\S*)?@",
    re.IGNORECASE,
)

SUBJECT = re.compile(
    r"\s*(?:unzustellbar|nicht zustellbar|undeliver(?:able|ed)|delivery status notification|"
    r"delivery (?:failure|has failed|report)|mail delivery (?:failed|failure|problem)|"
    r"failure notice|returned mail|delivery notification|zustellung fehlgeschlagen|"
    r"mail could not be delivered|warning: (?:message|could not)|message not delivered|"
    r"zustellungsproblem|rückläufer|nachricht nicht zugestellt|benachrichtigung \S+ zustellstatus)",
    re.IGNORECASE,
)

_FAILURE = re.compile(
    r"(?:could|can|was|were)(?: ?n['’]t|not| not) (?:be )?(?:deliver|reach)|"
    r"un(?:able|abled) to deliver|wasn['’]t able to deliver|(?:delivery|message) (?:has |to \S+ )?"
    r"(?:failed|failure)|failed permanently|fatal errors?|permanent (?:fatal )?error|"
    r"undeliver(?:able|ed)|address (?:not found|rejected)|user unknown|unknown user|no such user|"
    r"mailbox (?:unavailable|not found|full)|returning message to sender|returned to sender|"
    r"nicht zu(?:gestellt|stellbar|stellen)|unzustellbar|zustellung \S{0,60} ?fehlgeschlagen|"
    r"konnte[n]? nicht (?:an |erreicht|ausgeliefert|übermittelt)|unrouteable|quota exceeded|"
    r"fehler bei der (?:nachrichten)?zustellung|nicht (?:gefunden|ausgeliefert) werden",
    re.IGNORECASE,
)

_DELAY = re.compile(
    r"not yet been delivered|has been delayed|delivery (?:is |has been )?delayed|\(delay(?:ed)?\)|"
    r"is delayed|will (?:be retried|keep trying|retry|continue to try|be sent (?:repeatedly))|"
    r"still (?:be )?(?:being )?(?:retried|trying)|temporar\w+ \S{0,40} ?problem|"
    r"no action is required|do(?: not|n['’]t) need to resend|warning: (?:message|could not send)|"
    r"could not send message for|noch nicht zugestellt|verzöger|verspätet|"
    r"(?:wird|werden) (?:es )?(?:weiter|erneut) versucht|weitere zustellversuche|"
    r"zustellung wird \S{0,40} ?(?:wiederholt|fortgesetzt)|müssen (?:sie )?nichts (?:weiter )?tun",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"given up|giving up|retry time(?:out)? exceeded|has expired|final(?:ly)? failed|"
    r"aufgegeben|eingestellt|abgebrochen|permanent(?:ly)?\b",
    re.IGNORECASE,
)

# Address does not exist (5.1.x), mailbox disabled (5.2.1), no host for it (5.4.4).
_DEAD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "5.4.14"})
_GONE = re.compile(
    r"user(?: is)? unknown|unknown (?:user|recipient|address|local)|no such (?:user|recipient|"
    r"mailbox|address|person|domain)|(?:user|recipient|mailbox|address|account|addressee)"
    r"[^.\n]{0,60}(?:not (?:exist|found|known)|does(?: not|n['’]t) exist|invalid|disabled|"
    r"unavailable|inactive|suspended|no longer)|recipient ?not ?found|invalid (?:recipient|mailbox|"
    r"address)|unrouteable|host (?:or domain name )?(?:not found|unknown)|domain(?: name)? not "
    r"found|unknown host|name or service not known|address couldn['’]t be found|"
    r"this user does(?: not|n['’]t) have|address rejected: access denied|"
    r"(?:empfänger|adresse|postfach|teilnehmer|benutzer|konto|domain)[^.\n]{0,60}"
    r"(?:existiert nicht|nicht (?:gefunden|bekannt|vorhanden|existent)|unbekannt|ungültig|"
    r"deaktiviert|gesperrt)|unbekannte[rn]? (?:empfänger|benutzer|nutzer)|"
    r"kein (?:solches|gültiges) postfach",
    re.IGNORECASE,
)
_PASSING = re.compile(
    r"quota|over ?quota|mailbox (?:is )?full|postfach (?:ist )?voll|speicherplatz|"
    r"spam|blocked|blacklist|black list|blocklist|policy|spf\b|dmarc|dkim|reputation|greylist|"
    r"too (?:large|big)|size limit|exceeds|zu groß|timed? ?out|retry time|expired|"
    r"connection (?:refused|timed)|relay(?:ing)? (?:not permitted|denied|access)|try again|later",
    re.IGNORECASE,
)

_STATUS = re.compile(r"(?<![\d.])([245]\.[0-7]\.\d{1,3})(?!\.?\d)")
_AFTER_REPLY = re.compile(r"\b[45]\d\d[ \-#]{1,3}([45]\.[0-7]\.\d{1,3})(?!\.?\d)")
_REPLY = re.compile(r"(?<![\d.])[45]\d\d(?:[ \-#]|$)")
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_{|}~äöüß-]{1,64}@[a-z0-9äöüß-]+(?:\.[a-z0-9äöüß-]+)+")
_ID = re.compile(r"<\s*([^<>\s]{1,250})\s*>")
_ID_LINE = re.compile(
    r"^[> \t]*+message-id:\s*<\s*([^<>\s]{1,250})\s*>", re.IGNORECASE | re.MULTILINE
)

_COPY = re.compile(
    r"^[> \t\-=_*]*+(?:(?:the )?headers? of the original message|this is a copy of (?:the|your) "
    r"message|below this line is a copy|original message(?: headers| follows)?|"
    r"a copy of (?:the|your) (?:original )?message|"
    r"(?:die )?(?:ursprüngliche|original)[ -]?(?:nachricht|mail)\S*(?: kopfzeilen| folgt)?|"
    r"ursprüngliche nachrichtenkopfzeilen|kopfzeilen der (?:ursprünglichen|original)\S*|"
    r"return-path: |received: from )",
    re.IGNORECASE | re.MULTILINE,
)


def before_copy(text: str) -> str:
    """Return the server's own words, without the copy of our mail below them."""
    found = _COPY.search(text)
    return text[: found.start()] if found and found.start() > 0 else text


def is_failure(text: str) -> bool:
    """Whether the words say that something was not delivered."""
    return bool(_FAILURE.search(text))


def is_delay(text: str) -> bool:
    """Whether the words say that the server still tries."""
    return bool(_DELAY.search(text)) and not _GIVEN_UP.search(text)


def is_dead(status: str, text: str) -> bool:
    """Whether the address itself is at fault, so that no further mail to it will arrive."""
    if status in _DEAD:
        return True
    if status.startswith("4") or _PASSING.search(text):
        return False
    return bool(_GONE.search(text))


def status_in(text: str) -> str:
    """Return the first status code (RFC 3463) in `text`, best one behind an SMTP reply; or ""."""
    found = _AFTER_REPLY.search(text) or _STATUS.search(text)
    return found[1] if found else ""


def failure_in(text: str) -> str:
    """Return the line that says best what went wrong: a server's reply, else the failure."""
    lines = [line for line in (" ".join(row.split()) for row in text.splitlines()) if line]
    for pattern in (_AFTER_REPLY, _REPLY, _STATUS, _GONE, _PASSING, _FAILURE):
        found = next((line for line in lines if pattern.search(line)), "")
        if found:
            return found
    return ""


def address_in(text: str) -> str:
    """Return the first mail address in `text`, lower case, or ""."""
    return next(iter(addresses_in(text)), "")


def addresses_in(text: str) -> list[str]:
    """Return the mail addresses in `text`, lower case, in order."""
    return _ADDRESS.findall(text.lower())


def ids_in(value: str) -> list[str]:
    """Return the message ids in the value of a header, without angle brackets."""
    return _ID.findall(value)


def message_id_in(text: str) -> str:
    """Return the id in a copied header "Message-ID: <…>", or ""."""
    found = _ID_LINE.search(text)
    return found[1] if found else ""
