"""Mail domains that are open to everybody: a shared one says nothing about who writes."""

FREEMAIL = frozenset(
    """
    a1.net aol.com aon.at arcor.de bluemail.ch bluewin.ch chello.at drei.at email.de
    fastmail.com freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com
    hispeed.ch hotmail.at hotmail.ch hotmail.com hotmail.de icloud.com inode.at kabelbw.de
    kabelmail.de kabsi.at liwest.at live.at live.com live.de mac.com mail.ch mail.com mail.de
    mailbox.org me.com msn.com netcologne.de o2online.de online.de osnanet.de outlook.at
    outlook.ch outlook.com outlook.de posteo.at posteo.ch posteo.de posteo.net proton.me
    protonmail.ch protonmail.com sunrise.ch t-online.de tutanota.com tutanota.de tuta.io
    unitybox.de utanet.at vodafone.de vodafonemail.de web.de ymail.com yahoo.at yahoo.com
    yahoo.de ziggo.nl
    """.split()  # noqa: SIM905 - read as a list of words
)


def domain_of(address: str) -> str:
    """Return what stands behind the @, in small letters; "" where there is none."""
    return address.rpartition("@")[2].casefold() if "@" in address else ""


def house_domain(address: str) -> str:
    """Return the domain where it tells the house, "" where everybody may have one there."""
    domain = domain_of(address)
    return "" if domain in FREEMAIL else domain
