"""Work in the background: in each line one after the other, and no line waits for another."""

from threading import Event

from nachhaken.desk import background
from nachhaken.desk.background import Line

SOON = 5.0  # seconds


def test_reckoning_does_not_wait_for_an_import() -> None:
    gate, reckoned = Event(), Event()
    background.soon("an import of minutes", gate.wait)
    background.soon("a comparison", reckoned.set, Line.RECKONING)
    assert reckoned.wait(SOON)
    assert background.awaits("an import of minutes")
    gate.set()


def test_an_import_does_not_wait_for_reckoning() -> None:
    gate, imported = Event(), Event()
    background.soon("a comparison", gate.wait, Line.RECKONING)
    background.soon("an import", imported.set)
    assert imported.wait(SOON)
    gate.set()


def test_in_a_line_one_waits_for_the_other_even_if_it_fails() -> None:
    done: list[str] = []
    gate, ended = Event(), Event()

    def fails() -> None:
        gate.wait(SOON)
        done.append("first")
        raise ValueError

    background.soon("first", fails, Line.RECKONING)
    background.soon("second", lambda: done.append("second"), Line.RECKONING)
    background.soon("last", ended.set, Line.RECKONING)
    assert done == []
    gate.set()
    assert ended.wait(SOON)
    assert done == ["first", "second"]
