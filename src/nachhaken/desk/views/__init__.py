"""The pages: each view is parameters, one command or query, one template."""
