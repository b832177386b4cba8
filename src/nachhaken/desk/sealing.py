"""Passwords of other servers at rest: sealed with a key that lies outside the database."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class SealBrokenError(ValueError):
    """It was sealed with another key: the password has to be entered again."""


def seal(text: str) -> bytes:
    """Return `text` encrypted and authenticated (Fernet: AES-128-CBC, HMAC-SHA256)."""
    return _box().encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """Return what was sealed, or raise SealBrokenError."""
    try:
        return _box().decrypt(bytes(sealed)).decode()
    except InvalidToken as error:
        raise SealBrokenError from error


def _box() -> Fernet:
    # The secret is long and random, so a plain hash of it is a key; the name keeps uses apart.
    digest = hashlib.sha256(f"nachhaken.sealing:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
