"""The register over HTTP, for the holders of tokens: `guarding` lets them in, `reading` and `writing` answer, declared in `offered`."""

from policygraph.web.register.offered import endpoints

__all__ = ["endpoints"]
