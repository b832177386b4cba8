"""What the law and good manners say of one contact before it is made."""

from dataclasses import dataclass
from datetime import datetime

from nachhaken.plan.values import Phrase
from nachhaken.terms import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """The verdict on a contact, with the row that decided.

    `rule` is country and row of the table, such as "DE-6" ("1" where it holds everywhere), and
    `source` the law that it rests on. `remedy` says what would make the contact lawful, `until`
    from when a LATER one is welcome. `needs_objection_line`: allowed only with the sentence that
    the customer may object at any time.
    """

    verdict: Verdict
    rule: str
    reason: Phrase
    source: str
    remedy: Phrase | None = None
    until: datetime | None = None
    needs_objection_line: bool = False

    @property
    def is_allowed(self) -> bool:
        """Now, without asking anybody first."""
        return self.verdict is Verdict.ALLOWED

    @property
    def is_lawful(self) -> bool:
        """By the law; good manners may still ask to wait."""
        return self.verdict in (Verdict.ALLOWED, Verdict.LATER)
