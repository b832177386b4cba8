"""Lines that programs and companies put below a mail: devices, small print, rows of dashes."""

import re

from nachhaken.sources.history import LONGEST_LINE


def is_device(line: str) -> bool:
    """Whether `line` is what a program says of itself: "Von meinem iPhone gesendet"."""
    if len(line) > LONGEST_LINE:
        return False
    return bool(_DEVICE_LINE.match(_LINK.sub("", line) if "http" in line else line))


def without_device_tail(line: str) -> str:
    """Return `line` without a telephone's words behind its last sentence."""
    tail = _DEVICE_TAIL.search(line, max(0, len(line) - _LONGEST_TAIL))
    return line[: tail.start()] if tail else line


def is_small_print(line: str) -> bool:
    """Whether `line` begins a disclaimer, a note on data or a plea for the trees."""
    head = line[:LONGEST_LINE]
    if _SMALL_PRINT.match(head):
        return True
    lower = head.lower()
    return any(word in lower for word in _ANCHORS) and bool(_PRIVATE_ANYWHERE.match(head))


def is_picture(line: str) -> bool:
    """Whether `line` only stands for a picture: "[cid:image001.png@01DC]"."""
    return line.lstrip()[:1] in {"<", "["} and bool(_PICTURE.match(line[:LONGEST_LINE]))


def is_row(line: str) -> bool:
    """Whether `line` is a row of dashes, stars or the like, three at least."""
    return bool(_ROW.match(line[:LONGEST_LINE]))


_LONGEST_TAIL = 80
_ROW = re.compile(r"\s*(?:[-_=*~–—]\s?){3,}\s*$")
_APP = (
    r"[\w.®'’ -]{0,30}\b(?:i(?:phone|pad|os)|\w*(?:phone|telefon|tablet|handy|gerät)|smartphone\w*|"
    r"galaxy|samsung|huawei|xiaomi|redmi|oneplus|pixel|motorola|nokia|sony|wiko|honor|oppo|android\w*|"
    r"outlook|windows|mobil\w*|\w*mail|app|blackberry|spark|proton|thunderbird|edison|airmail|"
    r"device|appareil|portable|dispositivo)\b[\w.®'’ -]{0,30}"
)
_SENT = r"(?:gesendet|verschickt|geschickt)"
_DEVICE = (
    rf"(?:(?:von mein\w+[\w/.®'’ -]{{2,40}}|(?:von )?(?:unterwegs|mobil)) {_SENT}|"
    rf"von {_APP} gesendet|{_SENT} (?:von|mit|aus|über|via) "
    rf"(?:mein\w+[\w/.®'’ -]{{2,40}}|unterwegs|{_APP})|von outlook für \w+ gesendet|"
    rf"diese (?:nachricht|e-?mail|mail) wurde (?:von|mit) {_APP} (?:gesendet|verschickt)|"
    rf"sent (?:(?:from|via|with|using) (?:my|a|an) [\w.®'’ -]{{2,40}}|"
    rf"(?:from|via|with|using) {_APP})|get outlook for \w+|"
    r"hol\w*(?: sie)? (?:sich|dir) outlook für \w+|"
    r"outlook für \w+ (?:beziehen|herunterladen|holen|erhalten)|"
    r"laden sie outlook für \w+ herunter|"
    r"envoyé (?:de|depuis|à partir de|avec) (?:mon|ma) [\w.®'’ -]{2,40}|"
    rf"envoyé (?:de|depuis|à partir de|avec) {_APP}|"
    r"(?:télécharger|obtenir) outlook pour \w+|inviato da(?:l mio)? [\w ]{2,30})"
)
_DEVICE_LINE = re.compile(rf"\W*{_DEVICE}(?:.{{0,30}}|\s*\(.*\))$", re.IGNORECASE)
_DEVICE_TAIL = re.compile(
    r"(?<=[.!?)])\s+(?:von mein\w+ [\w -]{2,30} gesendet|gesendet von mein\w+ [\w -]{2,30}|"
    r"sent from my [\w -]{2,30}|envoyé de mon [\w -]{2,30})\W*$",
    re.IGNORECASE,
)
_LINK = re.compile(r"<https?:[^<>]*>|\(https?:[^()]*\)")
_PRIVATE = (
    r"(?:vertraulich|privilegiert|rechtlich geschützt|confidential|privileged|confidentiel|"
    r"(?:ausschließlich|ausschliesslich|nur|allein) .{0,80}\bbestimmt|intended (?:solely|only|for))"
)
_MAIL_WORD = r"(?:e-?mail|nachricht|mail|message|communication|mitteilung)"
_ANCHORS = ("vertraulich", "bestimmt", "confiden", "intended", "privileg", "geschützt")
_PRIVATE_ANYWHERE = re.compile(
    rf"(?=.*{_PRIVATE})(?=.*\b{_MAIL_WORD})"
    r".*(?:empfänger|adressat|recipient|addressee|destinataire|irrtümlich|versehentlich|in error)",
    re.IGNORECASE,
)
_SMALL_PRINT = re.compile(
    rf"\W*(?:p )?(?:(?:wichtiger hinweis|hinweis|disclaimer|notice|important)\W{{1,3}}.{{0,160}}"
    rf"(?:{_PRIVATE}|\b(?:diese|this) {_MAIL_WORD})|"
    rf"(?:diese|this|der inhalt dieser|die informationen in dieser|the (?:information|content\w*))"
    rf"\b.{{0,40}}\b{_MAIL_WORD}.{{0,120}}{_PRIVATE}|"
    rf"(?:diese|this) e-?mail (?:kann|enthält|may|contains) .{{0,60}}{_PRIVATE}|"
    rf"der austausch von {_MAIL_WORD}\w* (?:via|per|mittels|mit)\b|"
    rf"(?:sollten|falls|wenn) sie (?:nicht der|diese {_MAIL_WORD}).{{0,60}}(?:empfänger|adressat|"
    r"irrtümlich|versehentlich)|if you (?:are not the intended|have received this)|"
    rf"ce (?:message|courriel)\b.{{0,80}}(?:confidentiel|destiné exclusivement)|"
    r"(?=.*(?:mail|nachricht|umwelt))(?:bitte )?"
    r"(?:denkt|(?:denken|prüfen|überlegen|überprüfen) sie)\b.{0,60}"
    r"(?:umwelt\b|\bausdruck\w*|\bausgedruckt|\bdruck\w*)|"
    r"please (?:consider the environment|think before)|think before you print|"
    r"pensez à l['’]environnement|"
    r"(?:haftungsausschluss|disclaimer|vertraulichkeitshinweis\w*)\W*$|"
    r"(?:informationen|hinweise) (?:zum|zu unserem|zur) (?:datenschutz|datenverarbeitung)"
    r"\b.{0,60}(?:www|http|finden sie)|"
    r"(?:informationen|pflichtangaben|hinweise) .{0,40}\b(?:dsgvo|gemäß art)|"
    r"datenschutz(?:hinweis|erklärung|information)\w*\W*(?:$|\w*://|www|finden sie)|"
    r"virenfrei|virus-free|(?:diese|this) .{0,40}(?:auf viren|for viruses|antivirus))",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"\s*[<\[](?:image|cid|bild|grafik|logo|inline)\b[^\]>]*[>\]]\s*$", re.IGNORECASE
)
