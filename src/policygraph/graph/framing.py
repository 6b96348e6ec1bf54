"""What the parts of a pool say to one another, as bytes: pool ↔ worker on one socket each, pool ↔ zygote on another."""

from __future__ import annotations

import json
import struct

# Pool to worker: lengths of head and body, then what the work may use.
ASKED = struct.Struct("!IQdQQ")
# Worker to pool: what it is, lengths of head and body.
SAID = struct.Struct("!cIQ")
READY, ANSWER, LAST_ANSWER, PROGRESS = b"r", b"a", b"z", b"p"  # the last answer is one of a worker that should be replaced

# Pool to zygote: the job's length; then one number for each worker to fork, with its socket and its complaints as descriptors.
JOB = struct.Struct("!I")
FORK = struct.Struct("!I")
# Zygote to pool: what happened, the worker's number, and its process or exit status; for FAILED the length of the error that follows.
EVENT = struct.Struct("!cIi")
written = json.JSONEncoder(separators=(",", ":")).encode  # `json.dumps` would make an encoder for each call
PREPARED, FAILED, FORKED, ENDED = b"p", b"x", b"f", b"e"
