"""Files that a shop keeps: pictures, documents, exports."""
