CREATE TABLE inputs (
  id INTEGER PRIMARY KEY,
  model TEXT NOT NULL,
  snapshot TEXT NOT NULL,
  events TEXT NOT NULL
);

CREATE TABLE decisions (
  seq INTEGER PRIMARY KEY,
  record TEXT NOT NULL,
  prev TEXT NOT NULL,
  hash TEXT NOT NULL,
  inputs INTEGER NOT NULL REFERENCES inputs (id),
  decision TEXT GENERATED ALWAYS AS (json_extract(record, '$.decision')) VIRTUAL,
  model TEXT GENERATED ALWAYS AS (json_extract(record, '$.model')) VIRTUAL,
  at TEXT GENERATED ALWAYS AS (json_extract(record, '$.at')) VIRTUAL
);

CREATE INDEX decisions_decision ON decisions (decision);
CREATE INDEX decisions_model ON decisions (model, seq);

CREATE TABLE states (
  model TEXT PRIMARY KEY,
  state TEXT NOT NULL
);

CREATE TABLE shifts (
  id TEXT PRIMARY KEY,
  decision TEXT NOT NULL,
  model TEXT NOT NULL,
  shift TEXT NOT NULL,
  phase TEXT NOT NULL,
  detail TEXT NOT NULL
);

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  target TEXT NOT NULL,
  message TEXT NOT NULL,
  body TEXT NOT NULL
);
