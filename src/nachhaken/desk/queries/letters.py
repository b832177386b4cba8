"""What is written to a customer, as a letter on the own paper."""

from datetime import datetime

from nachhaken.desk.access import allow
from nachhaken.desk.letterhead import letterhead
from nachhaken.desk.models import Prospect, User
from nachhaken.desk.pages_mail import MailPage
from nachhaken.desk.paper_data import LetterPaper
from nachhaken.desk.preferences import preferences
from nachhaken.desk.speech import local_date


def letter_of(user: User, page: MailPage, *, subject: str, text: str, now: datetime) -> bytes:
    """Return the same words as a letter on the own paper."""
    allow(user)
    house = Prospect.objects.get(pk=page.prospect_id)
    # Late: setting type takes more to load than any page of the desk.
    from nachhaken.desk.printing import letter_pdf

    person = page.recipient.name if page.recipient else ""
    lines = (house.name, person, *(postal_of(house) or house.place).splitlines())
    paper = LetterPaper(
        date=local_date(now),
        recipient=tuple(dict.fromkeys(line.strip() for line in lines if line.strip())),
        subject=subject,
        text=text,
        region=house.region or preferences().region,
        sender=user.get_full_name(),
    )
    return letter_pdf(paper, letterhead())


def postal_of(house: Prospect) -> str:
    """Return where a letter to the house goes; "" where nobody noted it."""
    return house.address.strip()
