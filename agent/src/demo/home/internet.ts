/** A place on the internet: its addresses lie in the ranges kept for documentation (RFC 5737, RFC 3849). */
export interface Place {
  readonly ipv4: string;
  readonly ipv6?: string;
  /** Round trip from the home, microseconds. */
  readonly rttUs: number;
  /** Time to live left of its packets at home. */
  readonly ttl: number;
}

/** Names that the sample home calls. Each gets an address of its own, in this order. */
const NAMES: readonly string[] = [
  "www.wikipedia.org",
  "upload.wikimedia.org",
  "www.heise.de",
  "www.tagesschau.de",
  "github.com",
  "www.youtube.com",
  "rr3---sn-4g5e6nze.googlevideo.com",
  "www.google.com",
  "api-global.netflix.com",
  "ipv4-c012-fra002-ix.1.oca.nflxvideo.net",
  "gateway.icloud.com",
  "p63-contacts.icloud.com",
  "1-courier.push.apple.com",
  "configuration.apple.com",
  "mtalk.google.com",
  "play.googleapis.com",
  "mmg.whatsapp.net",
  "v10.events.data.microsoft.com",
  "client.wns.windows.com",
  "settings-win.data.microsoft.com",
  "outlook.office365.com",
  "api.samsungcloudsolution.com",
  "osb-krsvc.samsungqbe.com",
  "conntest.nintendowifi.net",
  "dragons.p01.lp1.dragons.nintendo.net",
  "p2p.reolink.com",
  "www.easy4ipcloud.com",
  "dev.eu.hik-connect.com",
  "avs-alexa-eu.amazon.com",
  "device-metrics-us.amazon.com",
  "ws.sonos.com",
  "spotify-stream.spotifycdn.com",
  "ws.meethue.com",
  "shelly-49-eu.shelly.cloud",
  "m1.tuyaeu.com",
  "a1.tuyaeu.com",
  "ib01.tado.com",
  "mqtt-eu-3.roborock.com",
  "cloud.nabucasa.com",
  "version.home-assistant.io",
  "alerts.home-assistant.io",
  "update7.synology.com",
  "global.quickconnect.to",
  "2.europe.pool.ntp.org",
  "pool.ntp.org",
  "time.cloudflare.com",
  "time.google.com",
  "time.android.com",
  "time.windows.com",
  "time.apple.com",
  "clock.isc.org",
  "0.sonostime.pool.ntp.org",
  "ntp.samsung.example",
  "ntp-g7g.amazon.example",
  "pool.supportxmr.com",
];

/** Places by name. The pool of the miner is far and slow, the others near. */
export const PLACES: ReadonlyMap<string, Place> = new Map(
  NAMES.map((name, i): [string, Place] => {
    const isFar = name.includes("supportxmr") || name.includes("tuya");
    return [
      name,
      {
        ipv4: i % 2 === 0 ? `203.0.113.${10 + i}` : `198.51.100.${10 + i}`,
        ...(/google|apple|icloud|wiki|cloudflare|netflix/.test(name)
          ? { ipv6: `2001:db8:${(0x100 + i).toString(16)}::${i + 1}` }
          : {}),
        rttUs: isFar ? 38_000 : 9000 + 700 * (i % 12),
        ttl: isFar ? 47 : 54 + (i % 5),
      },
    ];
  }),
);
