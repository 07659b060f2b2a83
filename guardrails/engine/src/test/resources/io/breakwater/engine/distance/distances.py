"""Reference values for the distances, from raw values with numpy and scipy, not from the Java code.

Usage: python3 distances.py    (numpy 2.x, scipy 1.x; seeded; writes values.csv and distances.csv)

values.csv: case, side (r = reference, c = current), value; empty = missing.
distances.csv: case, scale of the buckets, bins, psi, js, hellinger, linf (bins as stated in the Javadoc
of Bins, counted from the raw values), ks and w1 at the bucket edges, ks and w1 of the raw values.
"""

import numpy as np
from scipy.spatial.distance import jensenshannon
from scipy.stats import ks_2samp, wasserstein_distance

rng = np.random.default_rng(20261121)


def cases():
    yield "normal", 4, rng.normal(0, 1, 300), rng.normal(0.5, 1, 120)
    yield "same", 4, rng.normal(3, 1, 300), rng.normal(3, 1, 120)
    yield "lognormal", 3, rng.lognormal(0, 1.2, 300), rng.lognormal(0.2, 1.5, 120)
    yield "integers", 5, rng.poisson(4, 300) + 1, rng.poisson(6, 120) + 1
    zeros = np.where(rng.random(300) < 0.6, 0, rng.lognormal(2, 0.5, 300))
    yield "zeros", 4, zeros, np.where(rng.random(120) < 0.3, 0, rng.lognormal(2, 0.5, 120))
    heavy = np.where(rng.random(300) < 0.9, 999, rng.integers(1, 30, 300))
    yield "heavy", 6, heavy, np.where(rng.random(120) < 0.5, 999, rng.integers(1, 30, 120))
    yield "constant", 8, np.full(300, 0.423), np.where(rng.random(120) < 0.8, 0.423, 0.61)
    holes = rng.uniform(1, 9, 300)
    holes[rng.random(300) < 0.05] = np.nan
    now = rng.uniform(1, 9, 120)
    now[rng.random(120) < 0.3] = np.nan
    yield "missing", 4, holes, now


def bucket_ends(values, scale):
    """Both ends of the bucket of every value."""
    ends = {}
    for v in np.unique(values):
        if v == 0:
            ends[v] = (0.0, 0.0)
            continue
        i = int(np.ceil(np.log2(abs(v)) * 2**scale)) - 1
        low, high = 2 ** (i / 2**scale), 2 ** ((i + 1) / 2**scale)
        ends[v] = (low, high) if v > 0 else (-high, -low)
    return ends


def at_or_below(values, edges):
    # Edges are not exact: a value on its own bucket's end belongs below a positive end.
    nudged = edges + np.abs(edges) * 1e-12 * np.where(edges > 0, 1, 0)
    return np.searchsorted(np.sort(values), nudged, "right") / len(values)


def distances(scale, r, c):
    rv, cv = r[~np.isnan(r)], c[~np.isnan(c)]
    ends = bucket_ends(np.concatenate([rv, cv]), scale)
    edges = np.unique([e for pair in ends.values() for e in pair])
    if 0.0 in ends:  # the zero bucket parts from the negative values just below 0
        edges = np.unique(np.append(edges, -5e-324))
    f, g = at_or_below(rv, edges), at_or_below(cv, edges)
    cuts = set()
    for i in range(len(edges)):
        if i > 0 and f[i] - f[i - 1] >= 0.1 - 1e-12:
            cuts |= {i - 1, i}
    for q in range(1, 10):
        cuts.add(int(np.argmax(f >= q / 10 - 1e-12)))
    cut_edges = [i for i in sorted(cuts)]
    rb = np.diff(np.concatenate([[0], f[cut_edges], [1]])) * len(rv)
    cb = np.diff(np.concatenate([[0], g[cut_edges], [1]])) * len(cv)
    rb, cb = np.append(rb, len(r) - len(rv)), np.append(cb, len(c) - len(cv))
    rb, cb = np.rint(rb), np.rint(cb)
    kept = (rb > 0) | (cb > 0)
    rb, cb = rb[kept], cb[kept]
    b = len(rb)
    p, q = rb / rb.sum(), cb / cb.sum()
    sp, sq = (rb + 0.5) / (rb.sum() + 0.5 * b), (cb + 0.5) / (cb.sum() + 0.5 * b)
    psi = np.sum((sq - sp) * np.log(sq / sp))
    js = jensenshannon(p, q, 2)
    hellinger = np.linalg.norm(np.sqrt(p) - np.sqrt(q)) / np.sqrt(2)
    middles = np.array([np.mean(ends[v]) for v in rv])
    d = f - g
    area = 0
    for i in range(1, len(edges)):
        fine = np.abs(np.linspace(d[i - 1], d[i], 2))
        if d[i - 1] * d[i] < 0:  # two triangles
            mean = (fine**2).sum() / (2 * fine.sum())
        else:
            mean = fine.mean()
        area += mean * (edges[i] - edges[i - 1])
    sd = middles.std()
    w1 = area / sd if sd > 1e-12 else np.inf
    raw_sd = rv.std()
    raw_w1 = wasserstein_distance(rv, cv) / raw_sd if raw_sd > 1e-12 else np.inf
    return b, psi, js, hellinger, np.abs(p - q).max(), np.abs(d).max(), w1, ks_2samp(rv, cv).statistic, raw_w1


with open("values.csv", "w") as values, open("distances.csv", "w") as table:
    for name, scale, r, c in cases():
        r, c = np.round(np.asarray(r, float), 6), np.round(np.asarray(c, float), 6)
        for side, column in (("r", r), ("c", c)):
            for v in column:
                values.write(f"{name},{side},{'' if np.isnan(v) else repr(float(v))}\n")
        table.write(f"{name},{scale}," + ",".join(repr(float(x)) for x in distances(scale, r, c)) + "\n")
