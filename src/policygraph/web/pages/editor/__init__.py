"""The SPARQL editor: its page, the plain form that works without scripts, and the words that it completes."""
