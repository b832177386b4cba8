"""What a message says: text becomes a reading of intent, dates, conditions and reasons."""
