"""Work that comes round: sealing, erasing, looking at links, escalating. A room registers it; one worker does it.

Reads and gives nothing but when each was last done.
"""

from khet.core.jobs.registry import Job, all_jobs, register

__all__ = ["Job", "all_jobs", "register"]
