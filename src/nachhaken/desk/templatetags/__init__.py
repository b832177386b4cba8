"""How values are written and drawn on the pages."""
