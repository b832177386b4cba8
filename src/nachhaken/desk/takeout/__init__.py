"""Everything out of the desk, and in again: what goes along, how it is written, how it is read."""
