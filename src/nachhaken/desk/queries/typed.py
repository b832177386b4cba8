"""What somebody has begun to write and not sent."""

from django.db.models import Q

from nachhaken.desk.models import OfferDraft, Outgoing, Person, User, Writing


def typed_by(user: User, opportunity_id: int) -> list[Writing]:
    """Return what `user` has begun to write and not sent, the newest first."""
    open_ones = Q(outgoing=None) | Q(outgoing__state=Outgoing.State.WITHDRAWN)
    rows = Writing.objects.filter(open_ones, opportunity=opportunity_id, author=user)
    return list(rows.order_by("-saved_at", "-pk"))


def slot_of(text_key: str, person: Person | None, offer: OfferDraft | None) -> str:
    """Return under which name what is typed is kept."""
    return f"{text_key}|{person.pk if person else ''}|{offer.pk if offer else ''}"
