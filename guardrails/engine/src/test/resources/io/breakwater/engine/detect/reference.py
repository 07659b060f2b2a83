"""Reference values for the error detectors, written from the formulas and not from the Java code.

Usage: python3 reference.py > reference.csv    (numpy 2.x; the streams are seeded)

Works with R itself, not its logarithm, with e-values as ratios of the likelihoods of single calls,
and finds the beginning of an excursion by going through all blocks from the first one again.

Columns: stream and pane; calls and failures of the canary (a) and the stable version (b) in the
pane; for the rule against stable at alpha 1e-4: ln of the mean of R, first pane of the excursion,
calls and failures of both in it; for the limit of 5 %: ln of the mean of R.
"""

import numpy as np

STEPS = np.array([0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9])
LIMIT_STEPS = np.array([0.005, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9])
LN_C = np.log(864000 / 1e-4)
MAX = 0.05


def block_ln_e(n_a, k_a, n_b, k_b, b):
    """Likelihood of the block under (a, b) over that under (z, z)."""
    a = b + STEPS * (1 - b)
    z = (n_a * a + n_b * b) / (n_a + n_b)
    seen = np.concatenate([np.ones(k_a), np.zeros(n_a - k_a)])
    other = np.concatenate([np.ones(k_b), np.zeros(n_b - k_b)])

    def ln_likelihood(outcomes, p):
        return np.array([np.log(np.where(outcomes == 1, q, 1 - q)).sum() for q in p])

    return (
        ln_likelihood(seen, a)
        + ln_likelihood(other, np.full_like(a, b))
        - ln_likelihood(seen, z)
        - ln_likelihood(other, z)
    )


def limit_ln_e(n, k):
    p = MAX + LIMIT_STEPS * (1 - MAX)
    return k * np.log(p / MAX) + (n - k) * np.log((1 - p) / (1 - MAX))


def excursion(blocks, ln_es, best, cap):
    """First block since the last time the alternative's CUSUM was at or below zero."""
    s, start = 0.0, 0
    for i, ln_e in enumerate(ln_es):
        if s <= 0:
            start, s = i, 0.0
        s = min(cap, s + ln_e[best])
    return start


def stream(name, rng, phases):
    cap = LN_C + np.log(len(STEPS))
    limit_cap = LN_C + np.log(len(LIMIT_STEPS))
    r = np.zeros(len(STEPS))
    limit_r = np.zeros(len(LIMIT_STEPS))
    stable_n = stable_k = 0
    open_block = None
    blocks, ln_es = [], []
    pane = 0
    for length, mean_a, p_a, mean_b, p_b in phases:
        for _ in range(length):
            n_a, n_b = rng.poisson(mean_a), rng.poisson(mean_b)
            k_a, k_b = rng.binomial(n_a, p_a), rng.binomial(n_b, p_b)
            if open_block is None:
                block = [pane, n_a, k_a, n_b, k_b]
            else:
                first = pane if open_block[1] == 0 else open_block[0]
                block = [first] + [x + y for x, y in zip(open_block[1:], (n_a, k_a, n_b, k_b))]
            if block[1] and block[3]:
                b = min(0.5, max(1e-4, (stable_k + 0.5) / (stable_n + 50)))
                ln_e = block_ln_e(block[1], block[2], block[3], block[4], b)
                r = np.minimum(np.exp(cap), (1 + r) * np.exp(ln_e)) if blocks else np.exp(
                    np.minimum(cap, ln_e)
                )
                stable_n += block[3]
                stable_k += block[4]
                blocks.append(block)
                ln_es.append(ln_e)
                open_block = None
            else:
                open_block = block if block[1] or block[3] else None
            if n_a:
                limit_r = np.minimum(np.exp(limit_cap), (1 + limit_r) * np.exp(limit_ln_e(n_a, k_a)))
            if blocks:
                top = [i for i in range(len(r)) if r[i] >= r.max() * (1 - 1e-12)]
                start = max(excursion(blocks, ln_es, i, cap) for i in top)
                sums = np.array(blocks[start:])[:, 1:].sum(axis=0)
                shown = [blocks[start][0], *sums]
                ln_mean = np.log(r.mean())
            else:
                shown, ln_mean = ["", 0, 0, 0, 0], 0.0
            limit_mean = np.log(limit_r.mean()) if limit_r.any() else 0.0
            print(
                name, pane, n_a, k_a, n_b, k_b, f"{ln_mean:.12g}", *shown, f"{limit_mean:.12g}",
                sep=",",
            )
            pane += 1


print(
    "stream,pane,n_a,k_a,n_b,k_b,ln_mean,since,calls,errors,against_calls,against_errors,"
    "limit_ln_mean"
)
rng = np.random.default_rng(20261121)
stream("half-bad", rng, [(150, 10, 0.01, 40, 0.01), (8, 10, 0.5, 40, 0.01), (25, 10, 0.01, 40, 0.01)])
stream("both-bad", rng, [(60, 10, 0.01, 40, 0.01), (60, 10, 0.3, 40, 0.3)])
stream("sparse", rng, [(150, 0.3, 0.0, 0.7, 0.02), (80, 0.3, 0.8, 0.7, 0.02)])
stream("slow", rng, [(50, 10, 0.001, 40, 0.001), (150, 10, 0.05, 40, 0.001)])
stream("one-arm", rng, [(30, 5, 0.02, 0, 0.0), (30, 0, 0.0, 20, 0.02), (30, 5, 0.4, 20, 0.02)])
