"""The questions in `queries/`, the entities that they are asked about, and a sandbox for foreign queries."""
