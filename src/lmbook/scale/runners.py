"""Who does the work: this process, a pool of processes, or a cluster.

A runner takes a task, with the pure functions count(span) -> table and
merge(tables) -> table, and the spans; it returns the merged table. A span
that a dying worker leaves behind is counted again; its table is merged
only when it has come back whole, so nothing is lost or counted twice.
"""

from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from lmbook.scale.merging import Merging

TRIES = 3


def in_process(task, spans):
    """Return the merged table, counted span by span right here.

    >>> from lmbook.scale import FileCount, WordCounts
    >>> len(in_process(FileCount("nowhere", WordCounts()), []))
    0
    """
    merging = Merging(task.merge)
    for span in spans:
        merging.add(task.count(span))
    return merging.result()


class ProcessPool:
    """Processes on this machine; the tables are merged in this one.

    workers: how many, all cores if None. New processes import what they
    need, so a script that uses a pool must keep its own work under
    `if __name__ == "__main__"`.

    Errors: `RuntimeError` if three pools in a row died without finishing
    one span, which is then to blame, or the memory; `ValueError` for
    fewer than one worker.
    """

    def __init__(self, workers=None):
        if workers is not None and workers < 1:
            raise ValueError(f"workers is {workers}; expected at least 1")
        self.workers = workers

    def __call__(self, task, spans):
        merging, left, tries = Merging(task.merge), list(spans), 0
        while left:
            before = len(left)
            left = self._round(task, left, merging.add)
            tries = 0 if len(left) < before else tries + 1
            if tries == TRIES:
                raise RuntimeError(
                    f"workers died {TRIES} times with the bytes {left[0]} "
                    f"and {len(left) - 1} more ranges to count: too little "
                    "memory?")
        return merging.result()

    def _round(self, task, spans, add):
        """Count spans in a new pool; return those that were not finished."""
        left, futures = set(spans), {}
        pool = ProcessPoolExecutor(self.workers, get_context("spawn"))
        try:
            for span in spans:
                futures[pool.submit(task.count, span)] = span
            for future in as_completed(futures):
                add(future.result())
                left.remove(futures.pop(future))
        except BrokenProcessPool:
            for future, span in futures.items():    # finished, not yet seen
                if span in left and _finished(future):
                    add(future.result())
                    left.remove(span)
        finally:
            pool.shutdown(cancel_futures=True)
        return sorted(left)


class DaskCluster:
    """The workers of a Dask `Client`, on this machine or on many.

    The tables stay on the workers: they are merged there two by two, then
    these two by two, and only the last one comes here. The task travels
    as a result of its own. Dask knows how each table was made; it makes
    those of a lost worker again.
    """

    def __init__(self, client):
        self.client = client

    def __call__(self, task, spans):
        if not spans:
            return task.merge([])
        submit = self.client.submit
        held = submit(_itself, task, pure=False)
        tables = [submit(_count, held, span, pure=False) for span in spans]
        while len(tables) > 1:
            tables = [submit(_merge, held, tables[i:i + 2], pure=False)
                      for i in range(0, len(tables), 2)]
        return tables[0].result()


def _itself(task):
    """Return the task: a result that every worker can ask for."""
    return task


def _count(task, span):
    """Count one span on a worker."""
    return task.count(span)


def _merge(task, tables):
    """Merge tables on a worker."""
    return task.merge(tables)


def _finished(future):
    """Return whether a future holds a table."""
    return future.done() and not future.cancelled() and (
        future.exception() is None)
