"""The nouns: what a message, a reading, an assessment, a case and a reply are. Values only; nothing here acts."""
