"""The decision engine: compiles the rule algebra and runs the ordered CONSTRUCTs of `queries/decide/`."""
