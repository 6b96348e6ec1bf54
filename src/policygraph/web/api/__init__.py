"""JSON APIs: checks, decisions, benefits, what-if, differences, kinds, templates, saved questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policygraph.web.endpoints import Endpoint
    from policygraph.web.service import Service


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return the endpoints."""
    from policygraph.web.api import browsing, offered
    from policygraph.web.api.questions import Questions
    from policygraph.web.api.samples import Samples

    samples = Samples(service, service.kinds)
    return (*browsing.endpoints(service, service.kinds, Questions(service), samples), *offered.endpoints(service.later, samples))
