"""What a shop may use of kasa, and what it used."""
