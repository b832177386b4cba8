"""The addresses of the desk: nouns, one per thing."""

from django.urls import path

from nachhaken.desk.views import (
    account,
    finding,
    imports,
    inbox,
    learning,
    opportunities,
    parties,
    today,
)

urlpatterns = [
    path("", today.today, name="today"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("replies/<int:pk>/statement", inbox.statement, name="statement"),
    path("mails/<int:pk>/assignment", inbox.assignment, name="assignment"),
    path("mails/<int:pk>/dismissal", inbox.dismissal, name="dismissal"),
    path("imports/<int:pk>/dismissal", inbox.import_settled, name="import-settled"),
    path("opportunities/", opportunities.opportunities, name="opportunities"),
    path("opportunities/new", opportunities.opportunity_new, name="opportunity-new"),
    path("opportunities/<int:pk>/", opportunities.opportunity, name="opportunity"),
    path("opportunities/<int:pk>/outcomes", opportunities.outcomes, name="outcomes"),
    path("opportunities/<int:pk>/snooze", opportunities.snooze, name="snooze"),
    path("opportunities/<int:pk>/decision", opportunities.decision, name="decision"),
    path("opportunities/<int:pk>/effort", opportunities.effort, name="effort"),
    path("opportunities/<int:pk>/gut", opportunities.gut, name="gut"),
    path("opportunities/<int:pk>/closing", opportunities.closing, name="closing"),
    path("entries/<int:pk>/undo", opportunities.undo, name="undo"),
    path("prospects/", parties.prospects, name="prospects"),
    path("prospects/<int:pk>/", parties.prospect, name="prospect"),
    path("prospects/<int:pk>/opt-out", parties.opt_out, name="opt-out"),
    path("offers/", parties.offers, name="offers"),
    path("import/", imports.take_in, name="import"),
    path("example/", imports.example, name="example"),
    path("palette", finding.palette, name="palette"),
    path("more/", finding.more, name="more"),
    path("settings/", account.settings, name="settings"),
    path("learning/", learning.learning, name="learning"),
    path("learning/forgetting", learning.forgetting, name="forgetting"),
    path("start/", account.start, name="start"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
]
