"""Files of the user's own, and what the columns of a table mean."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nachhaken.desk import incoming
from nachhaken.desk.file_kinds import MAILS, fields_for
from nachhaken.desk.forms.fields import DeskForm, line_field
from nachhaken.desk.templatetags.columns import about_word, column_word
from nachhaken.sources.kind import HEAD, Kind, kind_of
from nachhaken.sources.tables import About

LARGEST_TABLE = 50_000_000  # bytes; a mail file may be as large as the disk has room for
_UNBOUND = MAILS | {Kind.ZIP}
_PACKED_MAILS = (".mbox", ".eml", ".zip")


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """The value is a list of files."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files]


class ImportForm(DeskForm):
    """Files of the user's own."""

    file = FilesField(
        label=gettext_lazy("Dateien"),
        allow_empty_file=True,
        widget=FilesInput(
            attrs={"accept": ".xlsx,.csv,.tsv,.txt,.mbox,.eml,.zip,.ics,.vcf", "data-drop": ""}
        ),
    )

    def clean_file(self) -> "list[UploadedFile[bytes]]":
        files: list[UploadedFile[bytes]] = self.cleaned_data["file"]
        for file in files:
            _check_size(file)
        return files


class ColumnsForm(forms.Form):
    """What a table is about, the field of each column, and a name to remember it by."""

    about = forms.ChoiceField()
    profile = line_field(gettext_lazy("Name"), longest=100)

    def __init__(self, *args: Any, columns: Any, about: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.data.get("about", about) if self.is_bound else about
        abouts = [(one.value, about_word(one)) for one in About]
        self.fields["about"] = forms.ChoiceField(choices=abouts, initial=about)
        fields = [(one, column_word(one)) for one in fields_for(asked)]
        for column in columns:
            self.fields[_name(column.index)] = forms.ChoiceField(
                label=column.header or _("Spalte %(n)d") % {"n": column.index + 1},
                choices=[("", _("nicht gebraucht")), *fields],
                initial=column.field,
                required=False,
            )

    def mapping(self) -> dict[int, str]:
        """Return the field of each column, "" for none."""
        chosen = self.cleaned_data
        return {int(name[1:]): chosen[name] for name in self.fields if name[1:].isdecimal()}


def _name(index: int) -> str:
    return f"c{index}"


def _check_size(file: "UploadedFile[bytes]") -> None:
    """Where no script told before the upload, it is told here."""
    head = file.read(HEAD)
    file.seek(0)
    size, name = file.size or 0, file.name or ""
    is_bound = kind_of(head, name) not in _UNBOUND and not name.lower().endswith(_PACKED_MAILS)
    if is_bound and size > LARGEST_TABLE:
        text = _("„%(name)s“ ist größer als 50 MB. Bitte teilen Sie die Tabelle.")
        raise forms.ValidationError(text % {"name": name})
    if size > incoming.room():
        raise forms.ValidationError(no_room())


def no_room() -> str:
    """Return the sentence about a file for which the disk has no room."""
    text = _("Auf der Festplatte ist zu wenig Platz: Frei sind %(free)d MB.")
    return text % {"free": incoming.room() // 2**20}
