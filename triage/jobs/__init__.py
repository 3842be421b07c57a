"""What runs by itself: poll, triage, deliver."""
