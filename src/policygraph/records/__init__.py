"""Submissions: kinds described by shapes, foreign files copied term by term into records."""
