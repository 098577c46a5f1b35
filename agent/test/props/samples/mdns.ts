import { hex, type Message } from "../stream-drive.ts";

/** Answer of a Chromecast: PTR, SRV, TXT and A, with compression. */
export const chromecast = hex(`
  0000 8400 0000 0001 0000 0003
  0b5f676f6f676c6563617374 045f746370 056c6f63616c 00      # 12: _googlecast._tcp.local
  000c 0001 00000078 0012 0f 4c6976696e6720526f6f6d2e545631 c00c   # PTR "Living Room.TV1" at 46
  c02e 0021 8001 00000078 0011 0000 0000 1f49 08 6361737430303031 c01d   # SRV port 8009 cast0001.local at 82
  c02e 0010 8001 00001194 0022
       0b 69643d3366613163306465                # id=3fa1c0de
       0f 666e3d53616c6f6e2054c3a96cc3a9        # fn=Salon Télé
       05 6d643d4343                            # md=CC
  c052 0001 8001 00000078 0004 c0a83283         # A 192.168.50.131
`);

/** Query for AirPlay and cast devices, unicast answer wanted; one known answer. */
export const browse = hex(`
  0000 0000 0002 0001 0000 0000
  085f616972706c6179 045f746370 056c6f63616c 00 000c 8001
  0b5f676f6f676c6563617374 c015 000c 0001
  c025 000c 0001 00000e10 0005 026f6e c025
`);

/** Probe of a host that is about to claim its name and address (RFC 6762 §8.1). */
export const claim = hex(`
  0000 0000 0001 0000 0001 0000
  09416e6e612d69506164056c6f63616c 00 00ff 0001
  c00c 0001 0001 00000078 0004 c0a81485
`);

export const samples: Message[][] = [
  [{ toServer: true, octets: chromecast }],
  [{ toServer: true, octets: browse }],
  [{ toServer: true, octets: claim }],
];
