// Writes to a store, says after each flush how far it is on disk, and waits to be killed.
import { openDatabase } from "../../src/store/database.ts";
import { Store } from "../../src/store/store.ts";
import { flowAt, incidentAt, NOW_US } from "./samples.ts";

const store = new Store(openDatabase(process.argv[2] ?? ""));
let i = 0;
const step = (): void => {
  for (let n = 0; n < 50; n++, i++) {
    store.saveFlow(flowAt(i));
    store.saveIncident(incidentAt(`i-${i}`, NOW_US + i));
    store.appendStream("incident", `{"i":${i}}`);
  }
  store.flush();
  process.stdout.write(`flushed ${i}\n`);
  // What follows is never flushed.
  store.saveIncident(incidentAt(`pending-${i}`, NOW_US + i));
  store.appendStream("incident", `{"pending":${i}}`);
  setTimeout(step, 2);
};
step();
