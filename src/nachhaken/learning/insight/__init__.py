"""What the own past shows: how early it became clear, what it took, and what it brought."""
