"""The exercises of the chapter on speed."""

import numpy as np

from .registry import ask, exercise, require


@exercise("S1", "the exponent of a growth")
def s1(exponent):
    """`exponent(sizes, seconds)`: p of seconds proportional to sizes^p."""
    sizes = np.array([100.0, 200.0, 400.0, 800.0])
    for p in (0.0, 1.0, 1.5, 2.0):
        for scale in (1.0, 3e-6):
            found = ask(exponent, sizes, scale * sizes**p)
            require(np.ndim(found) == 0, "one number is asked for, got shape "
                    f"{np.shape(found)}")
            require(abs(found - p) < 1e-9, f"seconds that grow like size to "
                    f"the power {p:g} give {float(found):.3g}: fit a line to "
                    "the logarithms of both")
    shaken = sizes**2 * np.array([1.0, 1.2, 0.8, 1.1])
    wanted = np.polyfit(np.log(sizes), np.log(shaken), 1)[0]
    require(abs(ask(exponent, sizes, shaken) - wanted) < 1e-6,
            "with noise the first and the last time alone are not enough: "
            "use all of them, by least squares")


@exercise("S2", "from which size on the other program is faster")
def s2(crossover):
    """`crossover(a, b, c, d)`: the size at which a + b n equals c + d n."""
    found = ask(crossover, 1.0, 3.0, 10.0, 1.5)
    require(np.ndim(found) == 0 and abs(found - 6) < 1e-9,
            "1 + 3 n and 10 + 1.5 n are both 19 at n = 6, you say "
            f"{found}")
    for a, b, c, d in ((1.0, 2.0, 5.0, 2.0), (1.0, 1.0, 5.0, 2.0)):
        require(ask(crossover, a, b, c, d) == np.inf,
                f"{a:g} + {b:g} n stays below {c:g} + {d:g} n for every "
                "n above 0: answer infinity")


@exercise("S3", "adding rows, also where they repeat")
def s3(add_rows):
    """`add_rows(table, ids, rows)`: a new table with the rows added."""
    rng = np.random.default_rng(0)
    for V, N, D in ((4, 6, 3), (3, 1, 2), (5, 40, 1)):
        table, rows = rng.normal(size=(V, D)), rng.normal(size=(N, D))
        ids = rng.integers(V, size=N)
        wanted = table.copy()
        for n in range(N):
            wanted[ids[n]] += rows[n]
        found = ask(add_rows, table, ids, rows)
        lost = table.copy()
        lost[ids] += rows
        require(np.shape(found) == wanted.shape,
                f"the table has shape {wanted.shape}, yours "
                f"{np.shape(found)}")
        require(not (np.allclose(found, lost)
                     and not np.allclose(wanted, lost)),
                "where an id repeats, one of its rows is kept and the others "
                "are lost: table[ids] += rows adds once")
        require(np.allclose(found, wanted), "some rows are wrong: row n "
                "belongs to the word ids[n]")
