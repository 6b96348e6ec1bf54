"""The web face: pages for people, each the HTML form of something that also exists as data. `shell` is what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policygraph.web.endpoints import Endpoint
    from policygraph.web.service import Service


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return the endpoints."""
    from policygraph.web.pages import offered  # other parts use the shell, and pages use other parts

    return offered.endpoints(service)
