"""A Dask cluster on this machine, with an end.

The only file that imports Dask, and only when it is called.
"""

import contextlib
import logging


@contextlib.contextmanager
def local_client(workers=2):
    """Give the client of a new cluster of processes; end them after.

    The processes talk over the loopback address only, and there is no
    status page. Dask starts workers with MALLOC_TRIM_THRESHOLD_ set, so
    that they give memory back at once; counting asks for the same arrays
    block after block, and is faster without.

    Errors: `ValueError` for fewer than one worker.

    >>> with local_client(0):
    ...     pass
    Traceback (most recent call last):
    ValueError: workers is 0; expected at least 1
    """
    if workers < 1:
        raise ValueError(f"workers is {workers}; expected at least 1")
    from dask import config
    from dask.distributed import Client, LocalCluster
    with config.set({"distributed.nanny.pre-spawn-environ": {
            "OMP_NUM_THREADS": "1"}}):
        cluster = LocalCluster(
            n_workers=workers, threads_per_worker=1, host="127.0.0.1",
            dashboard_address=None, memory_limit=0,
            silence_logs=logging.CRITICAL)
    with cluster, Client(cluster) as client:
        yield client
