"""From beliefs to the next step: evidence, limits, cadence and the agenda of a day."""
