"""Jobs that kill the worker they run on, for the tests of scale."""

import os
import pathlib
import signal
from dataclasses import dataclass

from lmbook.scale import WordCounts


@dataclass(frozen=True)
class Deadly(WordCounts):
    """Count words; kill the process `lives` times on the way.

    folder: the deaths so far, a file each, as the dead remember nothing.
    word: only lines with it kill.
    """

    folder: str = ""
    word: str = ""
    lives: int = 1

    def map(self, data):
        """Die, or count."""
        if self.word.encode() in data:
            deaths = len(os.listdir(self.folder))
            if deaths < self.lives:
                (pathlib.Path(self.folder) / str(deaths)).touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return super().map(data)
