"""The numbers of a model in a file: .npz, without pickle."""

import io
import zipfile

import numpy as np

from .. import files
from ..functional.arguments import as_floats


def write_state(path, state):
    """Write {name: array} to a .npz file, whole or not at all."""
    buffer = io.BytesIO()
    np.savez(buffer, **state)
    files.save(path, buffer.getvalue())


def read_state(parameters, source):
    """Copy arrays into {name: Parameter} from {name: array} or a file.

    Errors: `ValueError` if the names differ, if an array has the wrong
    shape, NaN, or no real numbers; then no parameter is changed.
    """
    whole = isinstance(source, dict)
    state, place = (source, "state") if whole else (_load(source), source)
    missing = sorted(parameters.keys() - state.keys())
    unknown = sorted(state.keys() - parameters.keys())
    if missing or unknown:
        raise ValueError(f"{place}: missing keys {missing}, unknown keys"
                         f" {unknown}")
    arrays = {name: _fitting(state[name], p.shape, f"{place}: {name}")
              for name, p in parameters.items()}
    for name, array in arrays.items():
        parameters[name].data = array


def _load(path):
    """Return {name: array} of a .npz file, or say that it is none."""
    try:
        with open(path, "rb") as file, np.load(
                file, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays}
    except (ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is not a .npz file of arrays") from error


def _fitting(array, shape, name):
    """Return an array of the expected shape, or say why it is not."""
    array = as_floats(array, name)
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}, expected {shape}")
    return array
