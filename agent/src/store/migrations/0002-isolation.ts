/** Steps of isolations, append-only. `body` is JSON of what the step says; times are milliseconds since 1970 by the wall clock. */
export const isolation = `
CREATE TABLE isolation_step (
  id INTEGER PRIMARY KEY AUTOINCREMENT, isolation TEXT NOT NULL, at_ms INTEGER NOT NULL, step TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX isolation_step_of ON isolation_step (isolation);
`;
