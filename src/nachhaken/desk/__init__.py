"""What people use: records, commands, queries and pages; the only package on Django."""
