"""What a search column holds, so that every spelling of a name finds it."""

from nachhaken.sources.spelling import fold, plain

__all__ = ["fold", "plain", "searchable"]


def searchable(*texts: str) -> str:
    """Return what a search column holds: both foldings.

    The plain one is needed because a search may begin within a digraph ("er" in "Bauer").
    """
    joined = " ".join(text for text in texts if text)
    folded, bare = fold(joined), plain(joined)
    return folded if folded == bare else f"{folded}\n{bare}"
