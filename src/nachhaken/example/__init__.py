"""The example business, Metallbau Brandt, as the files of a seller, dated around today."""

from nachhaken.example.rendering import render

__all__ = ["render"]
