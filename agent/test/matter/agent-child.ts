import { FakeAgent } from "@lanwarden/contract/test-double/fake-agent";
import { serve } from "./serve.ts";

const agent = new FakeAgent({ verifyMs: 300 });
serve({
  start: () => agent.start(),
  stop: () => agent.stop(),
  setDevice: agent.setDevice.bind(agent),
  removeDevice: agent.removeDevice.bind(agent),
  setIncident: agent.setIncident.bind(agent),
  setMode: agent.setMode.bind(agent),
  refuse: (device: string, code: "protected_device" | null) =>
    void (code === null ? agent.refusals.delete(device) : agent.refusals.set(device, code)),
  calls: () => agent.calls,
});
