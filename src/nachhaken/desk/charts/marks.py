"""What a drawing is made of: marks with a role that says how they are painted, in SVG's units."""

from dataclasses import dataclass

LETTER = (
    7.0  # the width that a letter of a chart may take, in px; the widest German words keep to it
)
LINE = 18.0


@dataclass(frozen=True, slots=True)
class Mark:
    """An element: its tag, what it is (`role`, painted by the style sheet), where, and its text."""

    tag: str
    role: str
    at: tuple[tuple[str, str], ...]
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A chart of `width` times `height` px."""

    width: int
    height: int
    marks: tuple[Mark, ...]


def line(role: str, start: tuple[float, float], end: tuple[float, float]) -> Mark:
    """Return a straight line."""
    return Mark("line", role, _at(x1=start[0], y1=start[1], x2=end[0], y2=end[1]))


def path(role: str, points: list[tuple[float, float]]) -> Mark:
    """Return a line through `points`."""
    return Mark("polyline", role, (("points", _points(points)),))


def area(role: str, points: list[tuple[float, float]]) -> Mark:
    """Return what `points` enclose."""
    return Mark("polygon", role, (("points", _points(points)),))


def dot(role: str, at: tuple[float, float], radius: float) -> Mark:
    """Return a circle."""
    return Mark("circle", role, _at(cx=at[0], cy=at[1], r=radius))


def box(role: str, at: tuple[float, float], size: tuple[float, float], rounded: float = 0) -> Mark:
    """Return a rectangle from its upper left corner on."""
    found = _at(x=at[0], y=at[1], width=size[0], height=size[1])
    return Mark("rect", role, found + (_at(rx=rounded) if rounded else ()))


def text(role: str, at: tuple[float, float], words: str, anchor: str = "start") -> Mark:
    """Return words that begin, are centred, or end at a place on their base line."""
    return Mark("text", role, (*_at(x=at[0], y=at[1]), ("text-anchor", anchor)), words)


def width_of(words: str) -> float:
    """Return how wide these words are at most, in px."""
    return len(words) * LETTER


def wrapped(words: str, width: float) -> list[str]:
    """Return the words in lines of at most `width`; a longer word stands alone."""
    lines: list[str] = []
    for word in words.split(" "):
        if lines and width_of(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def shortened(words: str, width: float) -> str:
    """Return the words cut to `width`."""
    most = max(int(width / LETTER), 1)
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _at(**places: float) -> tuple[tuple[str, str], ...]:
    return tuple((name, f"{value:.1f}".removesuffix(".0")) for name, value in places.items())


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
