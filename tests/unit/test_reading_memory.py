from nachhaken.reading.memory import Memory


def test_each_word_is_looked_at_once() -> None:
    asked: list[str] = []

    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    lengths = Memory(length)
    assert [lengths[word] for word in ("im", "mai", "im")] == [2, 3, 2]
    assert asked == ["im", "mai"]


def test_the_memory_does_not_grow_without_end() -> None:
    lengths = Memory(len, most=2)
    assert [lengths[word] for word in ("im", "mai", "juni", "juni")] == [2, 3, 4, 4]
    assert set(lengths) == {"im", "mai"}
