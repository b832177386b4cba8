"""What comes in: mails, mailboxes, tables and calendars, read into plain values."""
