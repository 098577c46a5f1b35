/** One direction of a flow as an exporter counted it since it told last. */
export interface ExportedHalf {
  readonly packets: number;
  /** Octets from the IP header on. */
  readonly bytes: number;
  /** OR of the TCP flags; undefined when the exporter does not tell them. */
  readonly tcpFlags: number | undefined;
}

/** A flow record of NetFlow or IPFIX. */
export interface ExportedFlow {
  readonly sourceIp: string;
  readonly destinationIp: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** IANA protocol number. */
  readonly protocol: number;
  readonly forward: ExportedHalf;
  /** The other direction, where the record holds both (RFC 5103). */
  readonly reverse: ExportedHalf | undefined;
  /** Who began, where a record with both directions tells it; undefined otherwise. */
  readonly opener: "source" | "destination" | undefined;
  /** On a clock of the exporter's own, microseconds: only differences to `exportUs` mean anything. */
  readonly startUs: number;
  readonly endUs: number;
  readonly exportUs: number;
  /** MAC of the sender on its own link, and of the receiver on its. */
  readonly sourceMac: string | undefined;
  readonly destinationMac: string | undefined;
  /** VLAN id; 0 without. */
  readonly vlan: number;
  /** Type of an ICMP message, when the exporter tells it. */
  readonly icmpType: number | undefined;
  /** Where it was counted: 0 on its way in, 1 on its way out of the exporter; undefined when not told. */
  readonly direction: number | undefined;
  /** IPFIX 136: 1 idle, 2 still active, 3 its end was seen, 4 forced, 5 lack of room; 0 when not told. */
  readonly endReason: number;
  /** One packet of so many was looked at, as this record says itself; 0 when it does not. */
  readonly sampling: number;
}
