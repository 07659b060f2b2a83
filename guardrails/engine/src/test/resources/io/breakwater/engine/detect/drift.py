"""Reference values for DriftReferenceTest, with numpy. Writes drift-values.csv and drift-expected.csv.

drift-values.csv: pane kind (reference, look) and 100 values each.
drift-expected.csv: edges (name, bound, share), dispersions (nine bands of
shares, and ranks), and ln of the mean Shiryaev-Roberts
statistic after each look, computed in logarithms; unlike the Java code, row by row for ranks.
"""

import numpy as np

SCALE = 3
TOLERANCE = 0.01
STEPS = [0.02, 0.05, 0.1, 0.2, 0.5]

rng = np.random.default_rng(20261121)


def ar1(n, rho):
    x = np.empty(n)
    x[0] = rng.standard_normal()
    for i in range(1, n):
        x[i] = rho * x[i - 1] + np.sqrt(1 - rho * rho) * rng.standard_normal()
    return x


reference = np.round(0.3 + ar1(50 * 100, 0.6), 4).reshape(50, 100)
quiet = np.round(0.3 + ar1(40 * 100, 0.6), 4).reshape(40, 100)
moved = np.round(0.6 + ar1(20 * 100, 0.6), 4).reshape(20, 100)
looks = np.concatenate([quiet, moved])

with open("drift-values.csv", "w") as out:
    for kind, panes in (("reference", reference), ("look", looks)):
        for pane in panes:
            out.write(kind + "," + ",".join("%.4f" % v for v in pane) + "\n")

# Bounds 2^(i / 8) on both sides of zero, and zero itself; values at most a bound.
magnitudes = 2.0 ** (np.arange(-40 * 8, 4 * 8) / 2**SCALE)
bounds = np.concatenate([-magnitudes[::-1], [-1e-300, 0.0], magnitudes])


def below(values, bound):
    return np.sum(values < bound) if bound < 0 else np.sum(values <= bound)


N = reference.size
F = np.array([below(reference, b) for b in bounds]) / N
m, n = reference.shape
phi = np.zeros(9)  # by the share below a bound: from 5 to 15 %, and so on


def band(f):
    return int(np.clip(np.floor(10 * f + 0.5), 1, 9)) - 1


for b, f in zip(bounds, F):
    if 0.05 <= f <= 0.95:
        share = np.array([below(pane, b) for pane in reference]) / n
        own = max(1.0, n * np.sum((share - f) ** 2) / ((m - 1) * f * (1 - f)))
        phi[band(f)] = max(phi[band(f)], own)
assert phi.min() > 0
around = np.concatenate([phi[:1], phi, phi[-1:]])
phi = np.maximum(phi, np.maximum(around[:-2], around[2:]))

# Mean ranks: the share of nine edges below a value, edges near the deciles of the first 1,000.
first = np.sort(reference[:10].ravel())
probe = set()
for q in range(1, 10):
    value = first[int(np.ceil(q / 10 * first.size)) - 1]
    probe.add(next(b for b in bounds if below(np.array([value]), b) == 1))
probe = sorted(probe)


def ranks(values, at):
    return np.mean([~((values < b) if b < 0 else (values <= b)) for b in at], axis=0)


later = [ranks(pane, probe) for pane in reference[10:]]
every = np.concatenate(later)
between = sum(r.sum() ** 2 / r.size for r in later) - every.sum() ** 2 / every.size
phi_ranks = max(1.0, between / ((len(later) - 1) * every.var()))
greatest = max(phi.max(), phi_ranks)

edges = set()
mass = np.diff(np.concatenate([[0.0], F]))  # mass[i] lies between bound i - 1 and bound i
for q in np.arange(1, 10) / 10:
    level = F[np.argmin(np.abs(F - q))]
    at = np.flatnonzero(F == level)
    before = mass[at[0]]
    after = mass[at[-1] + 1]
    edges.add(at[0] if before >= after else at[-1])
edges = sorted(edges)

rows = N / greatest
eps = np.sqrt(np.log(2 / 0.01) / (2 * rows)) + TOLERANCE
sides = []
for e in edges:
    own = phi[band(F[e])]
    sides.append((e, True, min(1, F[e] + eps), own))
    sides.append((e, False, min(1, 1 - F[e] + eps), own))
missing = (1 - (0.01 / 2) ** (1 / rows)) + TOLERANCE  # KL(0, m) = -ln(1 - m)

ordered = [bounds[e] for e in edges]
of_reference = ranks(reference.ravel(), ordered)
variance = of_reference.var()
wrong_by = 2.5758293035489004 * np.sqrt((variance + 1 / rows) / rows)
watched = sum(bound < 1 for _, _, bound, _ in sides) + 1

ln_r = None
expected = []
for pane in looks:
    ln_e = []
    for e, yes, bound, own in sides:
        k = below(pane, bounds[e])
        k = k if yes else n - k
        for d in STEPS:
            p = bound + d * (1 - bound)
            ln_e.append((k * np.log(p / bound) + (n - k) * np.log((1 - p) / (1 - bound))) / own)
    for d in STEPS:
        p = missing + d * (1 - missing)
        ln_e.append(n * np.log((1 - p) / (1 - missing)) / greatest)
    rank = ranks(pane, ordered)
    for score, mean in ((rank, of_reference.mean()), (1 - rank, 1 - of_reference.mean())):
        bound = mean + wrong_by + TOLERANCE
        for d in STEPS:
            bet = min(d * (1 - bound) / variance, 0.9 / bound)
            ln_e.append(np.sum(np.log(1 + bet * (score - bound))) / greatest)
    ln_e = np.array(ln_e)
    ln_r = ln_e if ln_r is None else np.logaddexp(0, ln_r) + ln_e
    top = ln_r.max()
    r = np.exp(ln_r - top)
    expected.append(top + np.log((r[:-10].sum() / (5 * watched) + r[-10:].mean()) / 2))

with open("drift-expected.csv", "w") as out:
    for value in list(phi) + [phi_ranks]:
        out.write("dispersion,,%r\n" % float(value))
    for e in edges:
        out.write("edge,%r,%r\n" % (float(bounds[e]), float(F[e])))
    for value in expected:
        out.write("look,,%r\n" % float(value))
