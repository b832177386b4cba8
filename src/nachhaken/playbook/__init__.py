"""What to say: scripts, questions and answers by situation, tone and language."""
