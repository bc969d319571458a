"""Whether the head of the Ray cluster answers, so that a load balancer learns of it in time."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from index.errors import ClusterError

if TYPE_CHECKING:
    from index.cluster import Cluster

_LOGGER = logging.getLogger(__name__)


class ClusterWatch:
    """Looks at intervals whether the head of a cluster answers.

    Args:
        cluster: The cluster.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._fault: ClusterError | None = None

    def check(self) -> None:
        """Check what was seen last; it takes no time.

        Raises:
            ClusterError: If the head did not answer.
        """
        fault = self._fault  # another thread looks
        if fault is not None:
            raise fault.with_traceback(None)

    def look(self) -> None:
        """Look once; a head that is lost, or back, is logged."""
        try:
            self._cluster.check_head()
        except ClusterError as error:
            if self._fault is None:
                _LOGGER.error("%s", error)  # noqa: TRY400 - of which a trace says no more
            self._fault = error
        else:
            if self._fault is not None:
                _LOGGER.warning("the head of the Ray cluster answers again")
            self._fault = None

    async def follow(self, seconds: float) -> None:
        """Look at intervals."""
        while True:
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self.look)
