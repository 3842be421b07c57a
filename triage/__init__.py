"""The verbs: what happens to a message from the mailbox to the queue and the reply."""
