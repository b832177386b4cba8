"""What outcomes teach: estimates, calibration and comparison of policies."""
