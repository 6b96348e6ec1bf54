"""Renders answers: text for people, JSON and RDF for machines."""
