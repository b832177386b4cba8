"""Bars, courses and rulers as own SVG: sizes are attributes, so no inline style is needed."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from nachhaken.desk.pages import JudgementView
from nachhaken.desk.rows import CourseBar
from nachhaken.engine.values import Belief
from nachhaken.terms import Truth

register = template.Library()

# The ruler shows the hours in which people are reached.
_RULER_START, _RULER_END, _RULER_WIDTH = 7.0, 19.0, 104.0
# Names in the course: their longest, and the width of a letter in per cent of a telephone's width.
_LONGEST, _LETTER = 17, 2.0
_WHOLE, _VISIBLE = 100.0, 0.005


class Segment(NamedTuple):
    truth: Truth
    x: str
    width: str
    fill: str
    percent: int
    is_last: bool


class Area(NamedTuple):
    truth: Truth
    fill: str
    points: str


class Label(NamedTuple):
    x: str
    anchor: str
    text: str
    has_line: bool


_FILLS = {
    Truth.GENUINE: "",
    Truth.STALLED: "url(#p-stalled)",
    Truth.PRETEND: "url(#p-pretend)",
    Truth.LOST: "",
}
_ORDER = (Truth.GENUINE, Truth.STALLED, Truth.PRETEND, Truth.LOST)


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        classes,
        static("desk/icons.svg"),
        name,
    )


@register.simple_tag
def shape(truth: Truth) -> SafeString:
    return format_html(
        '<svg class="shape {0}" aria-hidden="true" focusable="false"><use href="{1}#{0}"/></svg>',
        str(truth),
        static("desk/icons.svg"),
    )


@register.inclusion_tag("desk/svg/bar.html")
def truth_bar(judgement: JudgementView) -> dict[str, Any]:
    return {"segments": _segments(judgement.belief, judgement.percents)}


@register.filter
def legend(judgement: JudgementView) -> list[tuple[Truth, int]]:
    return list(zip(_ORDER, judgement.percents, strict=True))


@register.inclusion_tag("desk/svg/course.html")
def course_chart(judgement: JudgementView) -> dict[str, Any]:
    course = judgement.course
    if not course or course[0].at >= course[-1].at:
        return {}
    start, length = course[0].at, course[-1].at - course[0].at
    shares = [(bar.at - start) / length for bar in course]
    return {"areas": _areas(course, shares), "labels": _labels(course, shares)}


@register.inclusion_tag("desk/svg/ruler.html")
def ruler(span: tuple[float, float]) -> dict[str, Any]:
    now = timezone.localtime()
    hour = now.hour + now.minute / 60
    start, end = _on_ruler(span[0]) + 3, _on_ruler(span[1]) - 3
    return {
        "start": f"{start:.1f}",
        "end": f"{max(end, start + 0.1):.1f}",
        "now": f"{_on_ruler(hour):.1f}" if _RULER_START <= hour <= _RULER_END else "",
    }


@register.inclusion_tag("desk/svg/axis.html")
def axis(sign: int, share: float) -> dict[str, Any]:
    length = max(2.0, min(share, 1.0) * 38)
    return {
        "x": f"{40 if sign > 0 else 40 - length:.1f}",
        "width": f"{length:.1f}",
        "side": "for" if sign > 0 else "against",
    }


@register.inclusion_tag("desk/svg/meter.html")
def meter(part: float, whole: float, label: str) -> dict[str, Any]:
    share = min(part / whole, 1.0) if whole > 0 else 1.0
    return {"width": f"{share * 100:.1f}%", "label": label}


def _segments(belief: Belief, percents: Sequence[int]) -> list[Segment]:
    shown = [
        (truth, share, percent)
        for truth, share, percent in zip(_ORDER, belief, percents, strict=True)
        if share >= _VISIBLE
    ]
    total, x, segments = sum(share for _, share, _ in shown), 0.0, []
    for truth, share, percent in shown:
        width = share / total * 100
        segments.append(
            Segment(
                truth=truth,
                x=f"{x:.2f}%",
                width=f"{width:.2f}%",
                fill=_FILLS[truth],
                percent=percent,
                is_last=truth is shown[-1][0],
            )
        )
        x += width
    return segments


def _areas(course: Sequence[CourseBar], shares: Sequence[float]) -> list[Area]:
    areas, floor = [], [1.0] * len(course)
    for index, truth in enumerate(_ORDER):
        top = [max(0.0, y - bar.belief[index]) for y, bar in zip(floor, course, strict=True)]
        if truth is Truth.LOST:
            top = [0.0] * len(course)
        upper = [f"{x:.4f},{y:.4f}" for x, y in zip(shares, top, strict=True)]
        lower = [f"{x:.4f},{y:.4f}" for x, y in zip(shares, floor, strict=True)]
        areas.append(Area(truth, _FILLS[truth], " ".join(upper + lower[::-1])))
        floor = top
    return areas


def _labels(course: Sequence[CourseBar], shares: Sequence[float]) -> list[Label]:
    """Name today, the beginning and then the newest events, as far as the names do not touch."""
    named = [(share * 100, _cut(bar.label)) for share, bar in zip(shares, course, strict=True)]
    events = [(x, text) for x, text in named[:-1] if text]
    taken: list[tuple[float, float]] = []
    labels = []
    for x, text in [(_WHOLE, gettext("heute")), *events[:1], *reversed(events[1:])]:
        anchor, left, right = _place(x, len(text) * _LETTER)
        is_free = all(right + 2 < start or left - 2 > end for start, end in taken)
        if is_free:
            taken.append((left, right))
        labels.append(Label(f"{x:.2f}%", anchor, text if is_free else "", 0 < x < _WHOLE))
    return labels


def _place(x: float, width: float) -> tuple[str, float, float]:
    """Where a name stands: anchor, left and right end in per cent of the width."""
    if x - width / 2 < 0:
        return "start", x, x + width
    if x + width / 2 > _WHOLE:
        return "end", x - width, x
    return "middle", x - width / 2, x + width / 2


def _cut(label: str) -> str:
    words, short = label.split(), ""
    while words and len(short) + len(words[0]) < _LONGEST:
        short = f"{short} {words.pop(0)}".strip()
    return short or label[:_LONGEST]


def _on_ruler(hour: float) -> float:
    inside = min(max(hour, _RULER_START), _RULER_END)
    return (inside - _RULER_START) / (_RULER_END - _RULER_START) * _RULER_WIDTH
