"""The addresses of the project: the desk, and what is said when something fails."""

from django.urls import include, path

urlpatterns = [path("", include("nachhaken.desk.urls"))]

handler403 = "nachhaken.desk.views.faults.refused"
handler404 = "nachhaken.desk.views.faults.not_found"
handler500 = "nachhaken.desk.views.faults.broken"
