/** What the cards use of Home Assistant's frontend: of the `hass` object, and of the contexts that give the same since 2026.4. */

export interface EntityState {
  readonly entity_id: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** RFC 3339. */
  readonly last_changed: string;
}

/** Entry of `hass.entities`: the registry as displays get it, without unique ids. Disabled entities are not in it. */
export interface EntityEntry {
  readonly entity_id: string;
  readonly device_id?: string | null;
  readonly platform?: string;
}

export interface DeviceEntry {
  readonly id: string;
  readonly name: string | null;
  readonly name_by_user: string | null;
  readonly area_id: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly via_device_id: string | null;
  readonly identifiers: readonly (readonly string[])[];
}

export interface AreaEntry {
  readonly area_id: string;
  readonly name: string;
}

export interface Registries {
  readonly entities: Readonly<Record<string, EntityEntry>>;
  readonly devices: Readonly<Record<string, DeviceEntry>>;
  readonly areas: Readonly<Record<string, AreaEntry>>;
}

export interface Api {
  callService(domain: string, service: string, data: Readonly<Record<string, unknown>>): Promise<unknown>;
  callWS<T>(message: Readonly<Record<string, unknown>>): Promise<T>;
}

export interface Hass extends Registries, Api {
  readonly states: Readonly<Record<string, EntityState>>;
  readonly language?: string;
}

/** Configuration of a card, as the user wrote it: nothing of it can be relied on. */
export type RawConfig = Readonly<Record<string, unknown>>;
