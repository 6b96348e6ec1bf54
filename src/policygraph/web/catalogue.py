"""All endpoints of the service, in the order in which their addresses are tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policygraph.web import api, linked, openapi, pages, published, register, sparql

if TYPE_CHECKING:
    from policygraph.web.endpoints import Endpoint
    from policygraph.web.service import Service


def endpoints(service: Service) -> tuple[Endpoint, ...]:
    """Return what a service offers; things of the graph come last, since any other address could be one."""
    return tuple(endpoint for part in (openapi, sparql, api, register, pages, published, linked) for endpoint in part.endpoints(service))
