CREATE TABLE reference_sets (
  name TEXT PRIMARY KEY,
  content TEXT NOT NULL,
  used INTEGER NOT NULL
);
