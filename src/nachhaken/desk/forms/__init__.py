"""What people type and choose: checked here, written by commands."""

from nachhaken.desk.forms.acts import (
    ClosingForm,
    DecisionForm,
    EffortForm,
    OutcomeForm,
    ReopenForm,
    SnoozeForm,
    StatementForm,
)
from nachhaken.desk.forms.fields import (
    new_key,
)
from nachhaken.desk.forms.setup import (
    ImportForm,
    OpportunityForm,
    SettingsForm,
    StartForm,
)

__all__ = [
    "ClosingForm",
    "DecisionForm",
    "EffortForm",
    "ImportForm",
    "OpportunityForm",
    "OutcomeForm",
    "ReopenForm",
    "SettingsForm",
    "SnoozeForm",
    "StartForm",
    "StatementForm",
    "new_key",
]
