"""The guards of the book: they read the stored pages and refuse what the
book promises never to contain.  Nothing here is imported by the book."""
