"""The verbs of the command line, by subject; `triage.cli` puts them together."""
