CREATE TABLE reference_sets (
  name TEXT PRIMARY KEY,
  content TEXT NOT NULL,
  used INTEGER NOT NULL
);

CREATE TABLE stretches (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL,
  model TEXT NOT NULL,
  starts TEXT NOT NULL,
  ends INTEGER NOT NULL,
  snapshot BLOB,
  follows INTEGER NOT NULL,
  idle TEXT NOT NULL,
  events BLOB NOT NULL,
  writer TEXT NOT NULL
);

CREATE INDEX stretches_model ON stretches (model, id);
CREATE INDEX stretches_run ON stretches (run, ends);
