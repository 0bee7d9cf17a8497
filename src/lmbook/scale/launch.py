"""Start a program on several processes of this machine, and end it."""

import contextlib
import os
import subprocess
import sys

import psutil


def torchrun(module, *arguments, processes=2, restarts=0, timeout=60):
    """Run `python -m module` in several processes that form a group.

    They talk over the loopback address only, with one thread each. All
    of them have ended when the call returns, also after an error or an
    interruption; output is kept and shown only if the run fails.

    Units: `timeout` in seconds. `restarts` is how often the group is
    started again after one of its processes has died.
    Errors: `ValueError` for fewer than one process; `RuntimeError` with
    the output of all processes if the run fails;
    `subprocess.TimeoutExpired`.

    >>> torchrun("lmbook.scale.distributed_torch", processes=0)
    Traceback (most recent call last):
    ValueError: processes must be at least 1, got 0
    """
    if processes < 1:
        raise ValueError(f"processes must be at least 1, got {processes}")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone",
               "--local-addr=127.0.0.1", f"--nproc-per-node={processes}",
               f"--max-restarts={restarts}", "-m", module,
               *map(str, arguments)]
    environment = os.environ | {
        "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo",
        "NCCL_SOCKET_IFNAME": "lo",
        # Else a restarted group may read the addresses of the dead one.
        "TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1"}
    with subprocess.Popen(
            command, env=environment, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as launcher:
        try:
            output, _ = launcher.communicate(timeout=timeout)
        finally:
            end(launcher)
    if launcher.returncode:
        raise RuntimeError(f"{module} failed with code "
                           f"{launcher.returncode}:\n{output}")


def end(process, patience=5):
    """End a process and all that it has started; nothing if it has ended.

    First they are asked to; who lives after `patience` seconds is killed.

    >>> sleeper = subprocess.Popen(["sleep", "60"])
    >>> end(sleeper)
    >>> sleeper.returncode
    -15
    """
    if process.poll() is not None:
        return
    family = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.terminate()
    for member in psutil.wait_procs(family, timeout=patience)[1]:
        member.kill()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
