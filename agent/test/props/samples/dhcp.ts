import { hex, type Message } from "../stream-drive.ts";

const zeros = (octets: number): string => "00".repeat(octets);

/** DISCOVER of a Windows laptop, with name and fully qualified name. */
export const discover = hex(`
  01 01 06 00 3903f326 0000 8000            # BOOTREQUEST, Ethernet, xid, broadcast flag
  00000000 00000000 00000000 00000000       # ciaddr yiaddr siaddr giaddr
  3c06302c4310 ${zeros(10)} ${zeros(64)} ${zeros(128)}
  63825363
  35 01 01                                  # discover
  3d 07 01 3c06302c4310                     # client id
  32 04 c0a856a8                            # wants 192.168.86.168
  0c 0f 4445534b544f502d3446374b324c31      # DESKTOP-4F7K2L1
  51 12 00 00 00 4445534b544f502d3446374b324c31   # FQDN, plain text
  3c 08 4d53465420352e30                    # MSFT 5.0
  37 0e 01 03 06 0f 1f 21 2b 2c 2e 2f 77 79 f9 fc
  ff
`);

export const ack = hex(`
  02 01 06 00 3903f326 0000 0000
  00000000 c0a856a8 c0a85601 00000000
  3c06302c4310 ${zeros(10)} ${zeros(64)} ${zeros(128)}
  63825363
  35 01 05
  36 04 c0a85601                            # server 192.168.86.1
  33 04 00015180                            # 86400 s
  01 04 ffffff00
  03 04 c0a85601
  06 08 c0a85601 08080808
  0f 03 6c616e                              # "lan"
  ff
`);

/** Options overflow into the file field (option 52), and the vendor class comes in two pieces (RFC 3396). */
export const overloaded = hex(`
  01 01 06 00 00000001 0000 0000
  00000000 00000000 00000000 00000000
  5ccf7ffd6883 ${zeros(10)} ${zeros(64)}
  0c 0a 4553505f313233414243 ff ${zeros(115)}     # file: host name ESP_123ABC
  63825363
  35 01 03
  34 01 01
  3c 04 75646863
  3c 08 7020312e32342e32                   # "udhc" + "p 1.24.2"
  00 00
  ff
`);

export const samples: Message[][] = [
  [{ toServer: true, octets: discover }],
  [{ toServer: true, octets: ack }],
  [{ toServer: true, octets: overloaded }],
];
