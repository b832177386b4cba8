"""Whatever comes in, reading it as a bounce neither fails nor goes beyond its limits."""

import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from nachhaken.sources.bounce import Bounce, bounce_of

CORPUS = sorted((Path(__file__).parents[1] / "corpus" / "bounces").glob("*.eml"))
RAWS = [path.read_bytes() for path in CORPUS]


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A real report of which pieces are lost, doubled, shuffled or replaced by noise."""
    lines = draw(st.sampled_from(RAWS)).split(b"\r\n")
    chance = random.Random(draw(st.integers(0, 2**32)))
    for _ in range(draw(st.integers(0, 6))):
        at = chance.randrange(len(lines))
        noise = draw(st.binary(max_size=30))
        match chance.randrange(5):
            case 0:
                del lines[at:]
            case 1:
                lines.insert(at, noise)
            case 2:
                lines[at] = noise + lines[at]
            case 3:
                lines[at:at] = lines[: at + 1]
            case _:
                lines[at] = lines[at].replace(b":", b"").replace(b"rfc822", noise)
        lines = lines or [b""]
    return b"\r\n".join(lines)


@given(mangled() | st.binary(max_size=400))
def test_any_bytes_are_a_bounce_or_none(raw: bytes) -> None:
    bounce = bounce_of(raw)
    assert bounce is None or is_sound(bounce)


def test_nesting_beyond_reading_is_no_bounce() -> None:
    part = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
    raw = b"From: mailer-daemon@x.example\r\n" + b"".join(part % (n, n) for n in range(2000))
    assert bounce_of(raw) is None


def is_sound(bounce: Bounce) -> bool:
    is_short = len(bounce.reason) <= 200 and len(bounce.recipient) <= 254
    is_one = not (bounce.is_permanent and bounce.is_delayed)
    return is_short and is_one and "\n" not in bounce.reason + bounce.message_id
