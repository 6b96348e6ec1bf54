"""OWL: profiles, consistency and inferences. Reasoners check and classify; they decide nothing.

The only package that imports owlready2 and jpype1, and only in child processes (`child`), which can be killed.
"""
