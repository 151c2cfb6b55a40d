"""What is printed on the picture of a receipt: recognised text in, evidence out."""
