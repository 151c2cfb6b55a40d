"""Channels: the messages that kasa sends, and what each way of sending them can do."""
