"""What the call sheet shows; the rules of `pages` hold here, too."""

from dataclasses import dataclass

from nachhaken.desk.pages_limits import PermissionView
from nachhaken.desk.pages_mailbox import Doubt
from nachhaken.plan.sheet_values import CallSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What a result would change: the sentences under "Was das ändert"; "" where nothing."""

    result: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPage:
    """Everything on screen 3. `head` is the newest event that the sheet knows.

    `place` is (n-th, of so many) in today's list, None for what is not in it. `what_if` is filled
    where the sheet is made to be taken along, without a network.
    """

    id: int
    head: int
    prospect: str
    person: str
    role: str
    title: str
    region: str
    amount_cents: int | None
    currency: str
    phone: str
    mail: str
    is_open: bool
    status: str
    sheet: CallSheet
    has_objected: bool
    alone: int  # the person who may object for nobody else, 0 where nobody else is known
    place: tuple[int, int] | None = None
    permission: PermissionView | None = None
    doubt: Doubt | None = None  # to be said before the call: the answer may lie in a mailbox
    what_if: tuple[WhatIf, ...] = ()
