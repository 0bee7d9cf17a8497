"""Many processes: same results, killed workers recovered, constants.

    make scale-test

runs the function `measure()` of every `tests/bench/measure_*.py`. It
asserts what must hold and returns what was measured, which goes, with a
description of the machine, into `book/scale_measurements.json` under the
rest of the file's name. The chapters on many machines show it.

No packet leaves the machine: the script runs itself again in a network
of its own that has nothing but the loopback (`unshare -n`). Where the
system does not permit that, it says so and goes on.
"""

import argparse
import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from timing import machine

HERE = Path(__file__).parent
FILE = HERE.parents[1] / "book" / "scale_measurements.json"
INSIDE = "LMBOOK_NETWORK_UNSHARED"


def alone():
    """Run this script again without a network; return its exit code.

    None if it is already so, or if the system does not permit it.
    """
    if os.environ.get(INSIDE):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return None
    for command in (["unshare", "-n"], ["unshare", "-r", "-n"]):
        up = [*command, "ip", "link", "set", "lo", "up"]
        if all(map(shutil.which, ("unshare", "ip"))) and not subprocess.run(
                up, capture_output=True).returncode:
            return subprocess.run(
                [*command, sys.executable, *sys.argv],
                env={**os.environ, INSIDE: "1"}).returncode
    print("not permitted to unshare the network: going on with it")
    return None


def main():
    """Run every part, or those named, and store what each returns."""
    parts = sorted(path.stem for path in HERE.glob("measure_*.py"))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="*", default=parts, choices=parts)
    for name in parser.parse_args().only:
        found = importlib.import_module(name).measure()
        old = json.loads(FILE.read_text()) if FILE.exists() else {}
        old[name.removeprefix("measure_")] = {"machine": machine(), **found}
        FILE.write_text(json.dumps(old, indent=1, sort_keys=True) + "\n",
                        encoding="utf-8")
        print(f"{name}: {json.dumps(found, indent=1)}", flush=True)


if __name__ == "__main__":
    code = alone()
    sys.exit(main() if code is None else code)
