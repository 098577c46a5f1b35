/** What the machine itself says of the interface. */
export interface HostFacts {
  readonly interface: string;
  /** False: no cable, or the other end is off. */
  readonly hasCarrier: boolean | undefined;
  readonly isUp: boolean | undefined;
  /** Packets that the network card itself lost during the look, as its driver counts. */
  readonly cardDrops: number;
  /** Times that the machine's clock was set during the look. */
  readonly clockSteps: number;
}

/** How often a packet came twice, by how the copies differ. */
export interface CopyCounts {
  /** Packets that would have been recognised: TCP or UDP with content, from one machine to one other. */
  readonly judged: number;
  readonly same: number;
  /** The same packet with another VLAN tag, or with and without. */
  readonly vlan: number;
  /** The copy has been through a router: its time to live is one less. */
  readonly routed: number;
  /** The same, and the router has put its own address in (NAT). */
  readonly translated: number;
  /** The copy has other MAC addresses and nothing else: a repeater. */
  readonly relayed: number;
}

/** TCP connections by what is seen of them. */
export interface TcpHalves {
  /** Packets of both sides. */
  readonly bothWays: number;
  /** One side, which by its words has heard the other. */
  readonly oneWay: number;
  /** Of `oneWay`: begun with the client's SYN; begun with the server's SYN-ACK; already open. */
  readonly onlySyn: number;
  readonly onlySynAck: number;
  readonly onlyMiddle: number;
  /** The same for connections between the home and the outside. */
  readonly outsideBothWays: number;
  /** Seen is what leaves the home, and not what comes back. */
  readonly outsideOnlyOut: number;
  readonly outsideOnlyIn: number;
  /** The same for connections inside of the home. */
  readonly lanBothWays: number;
  readonly lanOneWay: number;
  /** "192.168.1.10:40000 to 203.0.113.5:443", at most three of `oneWay`. */
  readonly examples: readonly string[];
}

/** The IPv4 address that takes part in most packets. */
export interface BusiestAddress {
  readonly ip: string;
  /** In no private range. */
  readonly isPublic: boolean;
  /** Of all IPv4 packets from one machine to one other. */
  readonly share: number;
  /** Different addresses that it spoke with, as far as counted. */
  readonly peers: number;
  /** Pairs of other addresses of which both have spoken. */
  readonly otherPairs: number;
  readonly sent: number;
  /** Of `sent`: the time to live is one less than what systems begin with, so a router was passed. */
  readonly sentRouted: number;
}

/** Everything that findings judge by: counts of one look at one tap, nothing that grows with the traffic. */
export interface TapObservation {
  readonly isLive: boolean;
  readonly host: HostFacts | undefined;
  readonly frames: number;
  readonly bytes: number;
  /** From first to last packet; packet time. */
  readonly seconds: number;
  /** Frames have the addresses of both network cards (Ethernet, Wi-Fi). */
  readonly hasMacs: boolean;
  readonly kernelDrops: number;
  /** By receiver, of all frames: one machine, or a group. */
  readonly unicast: number;
  readonly group: number;
  /** Sent or received by the machine that listens. */
  readonly ownUnicast: number;
  readonly own: number;
  /** Pairs of other machines that exchange unicast in both directions, and in one. */
  readonly pairsBothWays: number;
  readonly pairsOneWay: number;
  /** Pairs tagged in one direction and not in the other. */
  readonly pairsHalfTagged: number;
  readonly devices: number;
  readonly devicesBothWays: number;
  /** Devices that wanted to speak to the router and of which no unicast came: MAC and address. */
  readonly silent: readonly { readonly mac: string; readonly ip: string }[];
  /** Private networks (/24) of which one and the same machine has an address each, untagged, and other machines live in them. */
  readonly sharedNetworks: readonly string[];
  readonly tcp: TcpHalves;
  /** TCP segments with content, and holes in them that their receivers did not have. */
  readonly segments: number;
  readonly holes: number;
  readonly copies: CopyCounts;
  readonly busiest: BusiestAddress | undefined;
  readonly ipv4Unicast: number;
  readonly pppoe: number;
  readonly tagged: number;
  readonly doubleTagged: number;
  readonly vlans: readonly number[];
  /** TCP packets longer than 1500 octets, and longer than any jumbo frame. */
  readonly longTcp: number;
  readonly hugeTcp: number;
  readonly longest: number;
  /** Largest segment that any host announced; 0 when no connection began. */
  readonly largestMss: number;
  /** Frames of which the end was not captured; those cut at the longest length that was captured at all, and this length. */
  readonly cut: number;
  readonly cutAtLongest: number;
  readonly longestCaptured: number;
  /** Steps of packet time: back by more than a second, on by more than an hour. */
  readonly stepsBack: number;
  readonly stepsOn: number;
  readonly largestStepSeconds: number;
  /** Packets with a wrong checksum, of how many looked at, and the share of them that one machine sent. */
  readonly badChecksums: number;
  readonly checksumsLookedAt: number;
  readonly badChecksumMac: string;
  readonly badChecksumMacShare: number;
}
