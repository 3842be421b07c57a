"""A trial without a real mailbox: made-up mail, and servers on loopback that hold and catch it."""
