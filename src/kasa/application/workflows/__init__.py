"""Steps that join contexts: functions of the unit of work."""
