"""Files with obstore: on disk or in memory."""
