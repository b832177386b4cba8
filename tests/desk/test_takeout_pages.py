"""The button, the way back in, and the copy for a customer."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from nachhaken.cli import cli
from nachhaken.desk import commands
from nachhaken.desk.models import Event, Opportunity, Prospect, User
from tests import cast
from tests.cast import NOW
from tests.desk import taken
from tests.desk.conftest import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("elsewhere")]


def got(desk: Client, name: str, *args: int) -> bytes:
    response = desk.get(reverse(name, args=args))
    assert isinstance(response, StreamingHttpResponse)
    assert response["Content-Type"] == "application/zip"
    assert response["Cache-Control"] == "private, no-store"
    assert ".zip" in response["Content-Disposition"]
    return response.getvalue()


def upload(raw: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("alles.zip", raw, content_type="application/zip")


def test_the_settings_lead_to_the_button(desk: Client) -> None:
    assert reverse("takeout") in desk.get(reverse("settings")).content.decode()
    assert reverse("export-all") in desk.get(reverse("takeout")).content.decode()


def test_only_who_is_logged_in_takes_anything_along(owner: User, client: Client) -> None:
    assert owner.pk
    assert client.get(reverse("export-all")).status_code == 302


def test_the_button_hands_out_what_the_import_page_takes_in(client: Client) -> None:
    client.force_login(taken.owner())
    commands.create_opportunity(actor=User.objects.get(), now=NOW, key="k",
        prospect="Öller & Söhne", title="Tor", amount_cents=100)  # fmt: skip
    raw = got(client, "export-all")
    taken.fresh_desk("neu@x.example")
    client.force_login(User.objects.get())
    response = client.post(reverse("import"), {"file": upload(raw)}, follow=True)
    assert "Alles ist wieder da: 1 Kunden, 1 Vorgänge." in response.content.decode()
    assert response.wsgi_request.user.is_authenticated
    assert Prospect.objects.get().name == "Öller & Söhne"


def test_a_desk_with_customers_says_why_not(desk: Client, alpenblick: int) -> None:
    raw = got(desk, "export-all")
    response = desk.post(reverse("import"), {"file": upload(raw)}, follow=True)
    assert "nur an einem frischen Tisch" in response.content.decode()
    assert Opportunity.objects.get().pk == alpenblick


def test_a_customer_gets_all_about_them_and_nothing_of_others(
    desk: Client, owner: User, alpenblick: int
) -> None:
    opened(owner, "Autohaus Kern", "Schiebetor", "kern@kern.example")
    commands.promise(
        actor=owner, now=NOW, key="p", opportunity_id=alpenblick, by_us=False,
        what="etwas schwierig am Telefon", due=NOW.date() + timedelta(days=3),
    )  # fmt: skip
    prospect = Opportunity.objects.get(pk=alpenblick).prospect
    page = desk.get(reverse("prospect", args=[prospect.pk])).content.decode()
    assert "Ihre Notizen und die Ihrer Kollegen" in page
    found = taken.parts(got(desk, "export-prospect", prospect.pk))
    everything = b"".join(found.values()).decode()
    assert "etwas schwierig am Telefon" in everything
    assert "huber@alpenblick.example" in everything
    for other in ("Autohaus", "kern@kern.example", "Katrin", owner.email):
        assert other not in everything
    assert json.loads(found["manifest.json"])["about"] == "prospect"
    assert json.loads(found["data/plans.jsonl"])["opportunity_id"] == alpenblick
    assert found["contacts.vcf"].count(b"BEGIN:VCARD") == 1


def test_the_copy_for_a_customer_is_no_desk(desk: Client, alpenblick: int, tmp_path: Path) -> None:
    raw = got(desk, "export-prospect", Opportunity.objects.get(pk=alpenblick).prospect_id)
    with pytest.raises(commands.RestoreError, match="einen einzelnen Kunden"):
        commands.restore(taken.kept(tmp_path, raw), actor=taken.fresh_desk(), now=NOW)


def test_the_copy_of_a_customer_that_nobody_knows_is_not_found(desk: Client) -> None:
    assert desk.get(reverse("export-prospect", args=[4711])).status_code == 404


@pytest.mark.usefixtures("owner")
def test_the_command_writes_what_the_other_command_takes_in(tmp_path: Path) -> None:
    cast.settle(cast.EVADER, actor=User.objects.get())
    file = tmp_path / "alles.zip"
    out = CliRunner().invoke(cli, ["export", str(file)], catch_exceptions=False)
    assert out.exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["alles.zip"]
    before = Event.objects.count()
    taken.fresh_desk()
    back = CliRunner().invoke(cli, ["import", str(file)], catch_exceptions=False)
    assert back.exit_code == 0, back.output
    assert Event.objects.count() == before


@pytest.mark.usefixtures("owner")
def test_a_folder_that_is_not_there_is_said_and_nothing_stays(tmp_path: Path) -> None:
    out = CliRunner().invoke(cli, ["export", str(tmp_path / "weg" / "alles.zip")])
    assert out.exit_code == 1
    assert not list(tmp_path.iterdir())


def test_whoever_begins_a_desk_that_came_from_elsewhere_takes_it_over(
    tmp_path: Path, client: Client
) -> None:
    first = taken.owner()
    cast.settle(cast.EVADER, actor=first)
    file = taken.kept(tmp_path, taken.exported(first))
    taken.forget_everything()
    assert commands.restore(file, actor=None, now=NOW).user is None
    page = {"name": "Katrin Brandt", "mail": cast.MAIL, "password": cast.PASSWORD}
    assert client.post(reverse("start"), page).status_code == 302
    assert "Pension Alpenblick" in client.get(reverse("prospects")).content.decode()
    assert User.objects.get().pk == first.pk
    with pytest.raises(commands.AlreadySetUpError):
        taken.owner("noch@x.example")
