CREATE TABLE refs (
  model TEXT PRIMARY KEY,
  reference TEXT NOT NULL
);
