"""What the tests of the pages look at: the page as one line of text, and what is pursued."""

from collections.abc import Callable
from datetime import date, timedelta

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from nachhaken.desk import commands, queries
from nachhaken.desk.models import User
from nachhaken.desk.pursuit import Pursuit

Done = Callable[..., commands.Change]


def page_of(desk: Client, address: str) -> str:
    response = desk.get(address)
    assert isinstance(response, HttpResponse)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def pursued(owner: User, pk: int, *, days: int = 0) -> Pursuit:
    return queries.opportunity(owner, pk, now=timezone.now() + timedelta(days=days)).pursuit
