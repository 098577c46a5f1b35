/** Lines of Zeek's JSON logs as Zeek 6 writes them. */
export class ZeekLogs {
  readonly lines: { readonly log: string; readonly line: string }[] = [];
  readonly #startSeconds: number;
  #uid = 0;

  constructor(startUs: number) {
    this.#startSeconds = startUs / 1_000_000;
  }

  /** The text of one log. */
  text(log: string): string {
    return this.lines
      .filter((one) => one.log === log)
      .map(({ line }) => `${line}\n`)
      .join("");
  }

  record(log: string, seconds: number, fields: object): void {
    this.lines.push({ log, line: JSON.stringify({ ts: this.#startSeconds + seconds, ...fields }) });
  }

  /** A record on a connection; returns its uid. `client`, `server`: "address:port". */
  on(log: string, seconds: number, client: string, server: string, fields: object, uid = `C${++this.#uid}x`): string {
    const [origHost, origPort] = end(client);
    const [respHost, respPort] = end(server);
    this.record(log, seconds, {
      uid,
      "id.orig_h": origHost,
      "id.orig_p": origPort,
      "id.resp_h": respHost,
      "id.resp_p": respPort,
      ...fields,
    });
    return uid;
  }

  conn(seconds: number, client: string, server: string, state: string, fields: object = {}, uid?: string): string {
    const isAnswered = !["S0", "SH", "RSTOS0"].includes(state);
    return this.on(
      "conn",
      seconds,
      client,
      server,
      {
        proto: "tcp",
        duration: 0.5,
        conn_state: state,
        history: state === "S0" ? "S" : state === "REJ" ? "Sr" : "ShADadFf",
        orig_bytes: state === "SF" ? 500 : 0,
        resp_bytes: state === "SF" ? 3000 : 0,
        orig_pkts: 6,
        orig_ip_bytes: state === "SF" ? 900 : 60,
        resp_pkts: isAnswered ? 5 : 0,
        resp_ip_bytes: isAnswered ? 3300 : 0,
        ...fields,
      },
      uid,
    );
  }

  dns(seconds: number, client: string, name: string, address: string): void {
    this.on("dns", seconds, client, "192.168.178.1:53", {
      proto: "udp",
      trans_id: 7,
      rtt: 0.02,
      query: name,
      qclass: 1,
      qtype: 1,
      qtype_name: "A",
      rcode: 0,
      rcode_name: "NOERROR",
      answers: ["alias.example.net", address],
      TTLs: [60.0, 60.0],
    });
  }
}

const end = (text: string): [string, number] => {
  const [ip = "", port = "0"] = text.split(/:(?=\d+$)/);
  return [ip, Number(port)];
};
