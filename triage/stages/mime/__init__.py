"""Out of MIME: limits, charsets, header fields, names, HTML, parts. Pure; `triage.stages.parse` puts them together."""
