"""The graph as a service over HTTP: linked data, SPARQL and JSON APIs. `application` puts it together, `server` runs it."""
