"""Real follow-up of real offers: which open ones will be won, asked each Monday (BPIC 2012)."""
