"""The same engine over millions of opportunities."""
