"""What people type and choose: checked here, written by commands."""

from nachhaken.desk.forms.acts import (
    ClosingForm,
    DecisionForm,
    OutcomeForm,
    ReopenForm,
    SnoozeForm,
)
from nachhaken.desk.forms.calendars import CalendarAccountForm, DetailForm, DigestForm, detail_of
from nachhaken.desk.forms.calls import CallForm
from nachhaken.desk.forms.documents import DocumentField, Upload
from nachhaken.desk.forms.effort import EffortForm, ForgottenForm, WorkRatesForm
from nachhaken.desk.forms.fields import (
    new_key,
)
from nachhaken.desk.forms.fits import CriteriaForm, JobForm, RatingForm
from nachhaken.desk.forms.imports import ColumnsForm, ImportForm
from nachhaken.desk.forms.letterhead import LetterheadForm, PostalAddressForm
from nachhaken.desk.forms.reaching import ReachForm
from nachhaken.desk.forms.setup import (
    OpportunityForm,
    SettingsForm,
    StartForm,
)
from nachhaken.desk.forms.statement import StatementForm

__all__ = [
    "CalendarAccountForm",
    "CallForm",
    "ClosingForm",
    "ColumnsForm",
    "CriteriaForm",
    "DecisionForm",
    "DetailForm",
    "DigestForm",
    "DocumentField",
    "EffortForm",
    "ForgottenForm",
    "ImportForm",
    "JobForm",
    "LetterheadForm",
    "OpportunityForm",
    "OutcomeForm",
    "PostalAddressForm",
    "RatingForm",
    "ReachForm",
    "ReopenForm",
    "SettingsForm",
    "SnoozeForm",
    "StartForm",
    "StatementForm",
    "Upload",
    "WorkRatesForm",
    "detail_of",
    "new_key",
]
