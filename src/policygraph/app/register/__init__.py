"""The register: which submissions were accepted, with verdict and receipt, by whom and when.

One SQLite file, written only by adding entries. Each entry is chained to the one before it by the digest of what the register says of
it; what it holds of a person lies apart, under a salted digest, so that it can be erased without breaking the chain.
"""
