CREATE TABLE snapshots (
  model TEXT PRIMARY KEY,
  state TEXT NOT NULL
);
