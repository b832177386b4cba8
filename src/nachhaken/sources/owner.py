"""Whose mailbox it is, by the letters in it."""

from collections import Counter
from collections.abc import Set

from nachhaken.sources.mail_top import Top

_ENOUGH = 3_000
_MOST_RECIPIENTS = 5
_SHARE = 0.6
_FEWEST = 2


class Letters:
    """Counts who wrote to whom in the first mails of a box; lists and newsletters tell nothing."""

    def __init__(self) -> None:
        self._count = 0
        self._sent: Counter[str] = Counter()
        self._got: Counter[str] = Counter()
        self._delivered: Counter[str] = Counter()

    @property
    def wants_more(self) -> bool:
        """Whether there are too few yet."""
        return self._count < _ENOUGH

    @property
    def carried(self) -> frozenset[str]:
        """Every address that one of the letters carries."""
        return frozenset(self._sent) | frozenset(self._got) | frozenset(self._delivered)

    def add(self, top: Top) -> None:
        """Count one mail."""
        if top.delivered_to:
            self._delivered[top.delivered_to] += 1
        if top.is_bulk or not top.sender or not top.recipients:
            return
        self._count += 1
        self._sent[top.sender] += 1
        if len(top.recipients) <= _MOST_RECIPIENTS:
            self._got.update(top.recipients - {top.sender})

    def owner(self, others: Set[str] = frozenset()) -> str:
        """Return the address of the box, "" where the letters do not tell it; none of `others`.

        It is one to which the mails were delivered, or one that both writes and is written to, in
        most of the letters; a box of only sent or only received mails tells it by two strangers.
        """
        delivered, got, sent = (
            Counter({address: n for address, n in counted.items() if address not in others})
            for counted in (self._delivered, self._got, self._sent)
        )
        by_server = self._leading(delivered, sum(delivered.values()))
        both = Counter({address: n + got[address] for address, n in sent.items() if got[address]})
        return by_server or self._leading(both, self._count) or self._one_way(got, sent)

    def _one_way(self, got_by: Counter[str], sent_by: Counter[str]) -> str:
        """Return who got all the letters from several, or sent them to several; never both."""
        receivers = self._leading(got_by, self._count)
        senders = self._leading(sent_by, self._count)
        got = receivers if len(self._sent) >= _FEWEST else ""
        sent = senders if len(self._got) >= _FEWEST else ""
        return "" if got and sent else got or sent

    @staticmethod
    def _leading(counted: Counter[str], of: int) -> str:
        """Return who leads alone, in most of the letters."""
        ranked = counted.most_common(2)
        if not ranked or ranked[0][1] < _SHARE * of:
            return ""
        is_tie = len(ranked) > 1 and ranked[1][1] == ranked[0][1]
        return "" if is_tie else ranked[0][0]
