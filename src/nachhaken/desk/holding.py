"""Holding prospects: nobody writes events of theirs while something is made of them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction

from nachhaken.desk.models import Prospect


@contextmanager
def held(opportunity_ids: Iterable[int]) -> Iterator[None]:
    """Keep others from writing events in between: a plan must not be older than it says."""
    with transaction.atomic():
        rows = Prospect.objects.filter(opportunities__in=list(opportunity_ids))
        # DISTINCT cannot be locked, and the order keeps two at once from waiting for each other.
        list(Prospect.objects.select_for_update().filter(pk__in=rows.values("pk")).order_by("pk"))
        yield
