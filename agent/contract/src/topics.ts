/** MQTT topics of an agent (base `lanwarden/<agent>`). */
export const topics = (agent: string) => {
  const base = `lanwarden/${agent}`;
  return {
    base,
    /** online | offline, retained, last will. */
    status: `${base}/status`,
    /** Hub JSON, retained. */
    state: `${base}/state`,
    incident: `${base}/incident`,
    deviceState: (mac12: string) => `${base}/dev/${mac12}/state`,
    deviceWhy: (mac12: string) => `${base}/dev/${mac12}/why`,
    deviceIncident: (mac12: string) => `${base}/dev/${mac12}/incident`,
    isolateSet: (mac12: string) => `${base}/dev/${mac12}/isolate/set`,
    profileSet: (mac12: string) => `${base}/dev/${mac12}/profile/set`,
    modeSet: `${base}/mode/set`,
    autoIsolateSet: `${base}/auto_isolate/set`,
    incidentAck: (id: string) => `${base}/incident/${id}/ack`,
    incidentNormal: (id: string) => `${base}/incident/${id}/normal`,
    ackAllSet: `${base}/ack_all/set`,
    releaseAllSet: `${base}/release_all/set`,
    testIncidentSet: `${base}/test_incident/set`,
  };
};

/** "aa:bb:cc:dd:ee:ff" → "aabbccddeeff"; "ip:192.168.1.7" → "ip_192_168_1_7": what may stand in a topic and an object id. */
export const topicId = (deviceId: string): string =>
  deviceId.startsWith("ip:") ? deviceId.replace(/[^0-9a-zA-Z]/g, "_") : deviceId.replaceAll(":", "");

/** Event types of `…/incident` and of the Home Assistant event entities. */
export const INCIDENT_EVENT_TYPES = [
  "threat_detected",
  "threat_updated",
  "threat_resolved",
  "mining_started",
  "mining_stopped",
  "mining_pool_changed",
  "device_joined",
  "device_isolated",
  "device_released",
  "isolation_refused",
  "isolation_failed",
  "tap_lost",
  "tap_restored",
] as const;
export type IncidentEventType = (typeof INCIDENT_EVENT_TYPES)[number];
