"""Coming in, the first start, and the user's own numbers."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from allauth.account.views import LoginView, LogoutView
from django.conf import settings as conf
from django.contrib import messages
from django.contrib.auth import login as log_in
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from nachhaken.desk import commands
from nachhaken.desk.forms import SettingsForm, StartForm
from nachhaken.desk.forms.lab import NumbersForm
from nachhaken.desk.models import User
from nachhaken.desk.places import SETTINGS
from nachhaken.desk.preferences import company, preferences, privacy_notice
from nachhaken.desk.views.acting import Request, desk, has_owner

_YEAR = 365 * 24 * 60 * 60
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class Login(LoginView):  # type: ignore[misc]  # allauth ships no types
    """The way in; a fresh desk has nobody yet and is set up first."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not has_owner():
            return redirect("start")
        return cast(HttpResponseBase, super().get(request, *args, **kwargs))

    def form_valid(self, form: Any) -> HttpResponseBase:
        response = super().form_valid(form)
        user = self.request.user
        if user.is_authenticated and user.language:
            _speak(response, user.language)
        return cast(HttpResponseBase, response)


class Logout(LogoutView):  # type: ignore[misc]  # allauth ships no types
    """The way out; the device is emptied once its page says that nothing on it waits."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = cast(HttpResponseBase, super().post(request, *args, **kwargs))
        if request.POST.get("cleared"):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


logout = Logout.as_view()
login = Login.as_view()


def start(request: HttpRequest) -> HttpResponseBase:
    if has_owner():
        return redirect("today")
    form = StartForm(request.POST or None)
    user = _owner(form) if form.is_valid() else None
    if user:
        log_in(request, user, backend=_BACKEND)
        return redirect("today")
    return render(request, "desk/start.html", {"form": form}, status=422 if form.is_bound else 200)


@desk
def settings(request: Request) -> HttpResponseBase:
    form = SettingsForm(request.POST or None, initial=_present() | _tried(request.GET))
    if not form.is_valid():
        return _settings_page(request, form)
    cleaned, language = form.cleaned_data, form.cleaned_data["language"]
    commands.prefer(
        actor=request.user,
        now=timezone.now(),
        company=cleaned["company"],
        privacy_notice=cleaned["privacy_notice"],
        margin=cleaned["margin"] / 100,
        hour_eur=float(cleaned["hour_eur"]),
        hold_eur_per_day=float(cleaned["hold_eur_per_day"]),
        opt_out_eur=float(cleaned["opt_out_eur"]),
    )
    with override(language):
        messages.success(request, _("Gespeichert."))
    request.user.language = language
    request.user.save(update_fields=["language"])
    response = redirect("settings")
    _speak(response, language)
    return response


def _owner(form: StartForm) -> User | None:
    """Make the owner; what is wrong goes into the form."""
    try:
        language = (get_language() or "de")[:2]
        return commands.create_owner(now=timezone.now(), language=language, **form.cleaned_data)
    except ValidationError as error:
        form.add_error("password", error)
    except commands.AlreadySetUpError:
        form.add_error(None, _("Dieser Tisch hat schon einen Zugang. Bitte melden Sie sich an."))
    return None


def _present() -> dict[str, Any]:
    own = preferences()
    return {
        "language": (get_language() or "de")[:2],
        "company": company(),
        "privacy_notice": privacy_notice(),
        "margin": round(own.margin * 100),
        "hour_eur": round(own.hour_eur),
        "hold_eur_per_day": Decimal(f"{own.hold_eur_per_day:g}"),
        "opt_out_eur": round(own.opt_out_eur),
    }


def _tried(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers that come from the workshop, to be looked at before they are saved."""
    form = NumbersForm(asked)
    return form.cleaned_data if form.is_valid() else {}


def _settings_page(request: Request, form: SettingsForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "desk/settings.html", {"form": form, "places": SETTINGS}, status=status)


def _speak(response: HttpResponseBase, language: str) -> None:
    """Remember the language on this device, for the pages before the login too."""
    cast(HttpResponse, response).set_cookie(
        conf.LANGUAGE_COOKIE_NAME, language, max_age=_YEAR, samesite="Lax", secure=conf.HTTPS
    )
