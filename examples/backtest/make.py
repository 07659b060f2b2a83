"""Makes credit.csv.gz: made-up credit applications in the order of time (numpy 2.x; seeded).

From row 6,000 on a caller sends the yearly income instead of the monthly one. Every request is still
answered; the model just scores what it gets.
"""

import gzip

import numpy as np

ROWS, CHANGE = 9_000, 6_000
rng = np.random.default_rng(7)
age = np.clip(rng.normal(44, 13, ROWS), 18, 90).astype(int)
income = np.round(rng.lognormal(8.0, 0.45, ROWS), 2)
sent = np.where(np.arange(ROWS) < CHANGE, income, income * 12)
region = rng.choice(["north", "south", "east", "west"], ROWS, p=[0.4, 0.3, 0.2, 0.1])
logit = 0.9 * (np.log(sent) - 8.0) / 0.45 + 0.02 * (age - 44) + rng.normal(0, 0.6, ROWS) - 0.4
score = 1 / (1 + np.exp(-logit))
missing = rng.random(ROWS) < 0.01

lines = ["age,income,region,score,decision"]
for i in range(ROWS):
    a = "" if missing[i] else age[i]
    lines.append(f"{a},{sent[i]:.2f},{region[i]},{score[i]:.4f},{'approve' if score[i] > 0.5 else 'refuse'}")
with gzip.GzipFile("credit.csv.gz", "wb", 9, mtime=0) as out:
    out.write(("\n".join(lines) + "\n").encode())
