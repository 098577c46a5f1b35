// Appends to the journal of isolations, says after each line that it is written, and waits to be killed.
import { openDatabase } from "../../src/store/database.ts";
import { IsolationJournal } from "../../src/store/isolation-journal.ts";

const journal = new IsolationJournal(openDatabase(process.argv[2] ?? ""));
let i = 0;
const step = (): void => {
  journal.append({ isolation: `iso-${i % 7}`, atMs: i, step: "applying", body: JSON.stringify({ i }) });
  process.stdout.write(`written ${i++}\n`);
  setImmediate(step);
};
step();
