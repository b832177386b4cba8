"""Whether a contact is allowed: the rules as a table by country, and who reads it."""
