"""Pages of things: facts in plain words first, the RDF statements below."""

from policygraph.web.pages.entity.page import entity_page

__all__ = ["entity_page"]
