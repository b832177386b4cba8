"""Files that come in by a form: measured before they are read."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from nachhaken.desk.documents import PDF, DocumentError, check, check_size


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in, found good."""

    raw: bytes
    name: str
    media_type: str


class DocumentField(forms.FileField):
    """A file of one kind, as an `Upload`; None where none was given."""

    def __init__(self, *, media_type: str = PDF, **kwargs: Any) -> None:
        self.media_type = media_type
        super().__init__(widget=forms.FileInput(attrs={"accept": media_type}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file: UploadedFile[bytes] | None = super().clean(data, initial)
        if not file:
            return None
        try:
            # A large file lies on the disk until here; it is never read to be refused.
            check_size(file.size or 0)
            raw = file.read()
            check(raw, media_type=self.media_type)
        except DocumentError as error:
            raise forms.ValidationError(str(error)) from error
        return Upload(raw, file.name or "", self.media_type)
