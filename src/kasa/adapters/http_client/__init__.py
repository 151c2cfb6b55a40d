"""Outgoing HTTP: time limits, size limits, fixed hosts, circuit breakers; secrets stay inside."""
