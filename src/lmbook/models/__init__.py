"""The models of the book, one file each."""
