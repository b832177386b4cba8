"""Nachhaken tells a small business which offer to follow up today, how, and when to stop."""

__version__ = "0.1.0"
