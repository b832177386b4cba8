"""Tests, cut by what they need: nothing, a database, a server, a browser, a quiet machine."""
