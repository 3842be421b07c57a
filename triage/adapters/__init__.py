"""Everything outside the process, one thing a module."""
