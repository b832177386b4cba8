"""What comes in: mail, tables, cards, calendars and transcripts become plain records with their origin."""
