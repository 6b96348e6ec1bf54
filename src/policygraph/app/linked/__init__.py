"""What the service says of a thing that it is asked for by its IRI: which thing an address means, and its description."""
