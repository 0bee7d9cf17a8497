"""Let nbval name a cell by its id, not by its number.

Used with ``python -m pytest --nbval -p tests.tools.nbval_ids book``.
"""


def named(item):
    """Return the item's failure report with notebook and cell in front."""
    original = item.repr_failure
    place = f"book/{item.path.name}, cell {item.cell['id']!r}: "
    return lambda excinfo: place + original(excinfo)


def pytest_collection_modifyitems(items):
    """Name the cell in the report of every notebook cell."""
    for item in items:
        if "id" in getattr(item, "cell", {}):
            item.repr_failure = named(item)
