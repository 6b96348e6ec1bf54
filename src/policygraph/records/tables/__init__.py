"""Readers of foreign tables and plain JSON: parsed in a confined child, handed over row by row."""
