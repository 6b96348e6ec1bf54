"""RDF in memory: loading, parsing, serialising. The only package that knows pyoxigraph."""
