"""Every Equation Checked: the code of the book, one idea per file."""

__version__ = "0.1.0"
