"""Reference values for QuantileBandTest, from the formula in numpy. Writes bands.csv.

Columns: p, n, half-width f, and the least n at which f is below both p and 1 - p (found one by one).

Usage: python3 bands.py    (numpy 2.x)
"""

import numpy as np

ALPHA = 0.05


def half_width(p, n):
    n = np.asarray(n, dtype=float)
    l = (1.4 * np.log(np.log(2.1 * n)) + np.log(10 / ALPHA)) / n
    return 1.5 * np.sqrt(p * (1 - p) * l) + 0.8 * l


def needed(p):
    n = np.arange(1, 400_000)
    return int(n[np.argmax(half_width(p, n) < min(p, 1 - p))])


with open("bands.csv", "w") as out:
    for p in (0.5, 0.9, 0.95, 0.99, 0.999):
        for n in (1, 2, 20, 100, 1_000, 10_000, 100_000, 1_000_000_000):
            out.write(f"{p},{n},{half_width(p, n):.12g},{needed(p)}\n")
