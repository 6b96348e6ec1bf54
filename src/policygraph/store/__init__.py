"""Where triples are kept and queried: one protocol, embedded or at a SPARQL endpoint."""
