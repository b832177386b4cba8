"""Worlds, customers and ways to follow up, played out in exact time: `play.simulate`."""
