"""The mathematics: what is believed about an opportunity and what is worth doing next."""
