"""The judgements: text in, findings out. No file, no network, no clock, no database."""
