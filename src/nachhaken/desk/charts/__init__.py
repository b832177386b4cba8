"""Charts as own SVG: each answers one question, has its table, and says what it cannot say."""
