"""Evidence of payments: submitted, judged, decided, explained."""
