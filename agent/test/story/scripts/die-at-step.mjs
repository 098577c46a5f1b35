// Loaded before the agent (node --import): ends it as kill -9 does, right before or after it writes a step into the journal of isolations. Which one
// stands in the file that STORY_FAULT names, as "applied:before"; while there is none, nothing happens.
import { existsSync, readFileSync } from "node:fs";
import { IsolationJournal } from "../../../src/store/isolation-journal.ts";

const file = process.env.STORY_FAULT;
const { append } = IsolationJournal.prototype;
IsolationJournal.prototype.append = function (row) {
  const [step, when] = existsSync(file) ? readFileSync(file, "utf8").split(":") : [];
  if (row.step === step && when === "before") process.kill(process.pid, "SIGKILL");
  append.call(this, row);
  if (row.step === step && when === "after") process.kill(process.pid, "SIGKILL");
};
