"""The text of a policy as it is read: its blocks and sentences, the clauses in it, what rests on each, and how to cite it."""
