"""The desk as a Django application."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "nachhaken.desk"
    label = "desk"
    verbose_name = "Nachhaken"
