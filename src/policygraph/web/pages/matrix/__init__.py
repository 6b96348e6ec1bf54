"""The map: who is responsible for which measure, and who bears clauses of which strength, as pictures, tables and data."""

from policygraph.web.pages.matrix.offered import endpoints

__all__ = ["endpoints"]
