/** Where the agent's page shows a device: goes behind the page's address. */
export const deviceLink = (id: string): string => `#/devices?device=${encodeURIComponent(id)}`;
/** Where it shows an incident. */
export const incidentLink = (id: string): string => `#/incidents?incident=${encodeURIComponent(id)}`;
