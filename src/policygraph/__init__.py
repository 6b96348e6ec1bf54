"""A rules engine on a declarative knowledge graph: ask a policy, check submissions, decide cases, cite every answer."""

__version__ = "0.1.0"
