"""When a customer wants to hear from us, said in a few words: "nach Ostern", "KW 12"."""

from datetime import date


def window_in(words: str, *, on: date, region: str) -> tuple[date, date] | None:
    """Return the days that a customer means with `words` on the day `on`; None where unclear."""
    # Late, as in `stories`: no page needs the tables to be shown.
    from nachhaken.reading import read

    window = read(f"Bitte melden Sie sich wieder: {words}.", reference=on, region=region).callback
    return (window.start, window.end) if window else None
