/** The first schema. Times are microseconds since 1970; `body` is the JSON of the contract's type. */
export const first = `
CREATE TABLE incident (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, device TEXT, severity INTEGER NOT NULL, status TEXT NOT NULL,
  first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_last ON incident (last_us DESC, id);
CREATE INDEX incident_device ON incident (device, last_us DESC, id);
CREATE TABLE device (id TEXT PRIMARY KEY, last_us INTEGER NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE flow (
  id INTEGER PRIMARY KEY AUTOINCREMENT, end_us INTEGER NOT NULL, client_device TEXT, server_device TEXT, app TEXT, category TEXT,
  bytes INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
-- Covers the sums per application.
CREATE INDEX flow_end ON flow (end_us, app, category, bytes, client_device);
CREATE INDEX flow_client ON flow (client_device, id);
CREATE INDEX flow_server ON flow (server_device, id);
CREATE TABLE history (at_us INTEGER PRIMARY KEY, score REAL NOT NULL, open_incidents INTEGER NOT NULL) STRICT;
CREATE TABLE stream (id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE snapshot (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE token (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, scope TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, created_us INTEGER NOT NULL, last_used_us INTEGER
) STRICT, WITHOUT ROWID;
`;
