"""Labelled replies in many voices, and the count of how the rules read them."""
