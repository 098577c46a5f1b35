import type { DnsRecord } from "../dissect/dns-message.ts";
import type { DnsEvent } from "../dissect/protocols/dns.ts";
import { type Fields, integerIn, listIn, objectIn, objectsIn, textIn } from "./json-fields.ts";
import { dnsEvent, dnsRecord, rcodeOf } from "./protocol-events.ts";

const MAX_RECORDS = 64;

/** Reads the `dns` section of EVE: versions 1 and 2 (query, answer) and 3 of Suricata 8 (request, response). */
export function readEveDns(dns: Fields): DnsEvent | undefined {
  const kind = textIn(dns, "type", 16);
  const isResponse = kind === "answer" || kind === "response";
  if (!isResponse && kind !== "query" && kind !== "request") return undefined;
  const question = objectsIn(dns, "queries")[0] ?? dns;
  const name = textIn(question, "rrname") ?? "";
  const type = textIn(question, "rrtype", 16) ?? "";
  const id = integerIn(dns, "id", 65_535) ?? 0;
  if (!isResponse) return dnsEvent({ isResponse, id, name, type });
  return dnsEvent({
    isResponse,
    id,
    name,
    type,
    rcode: rcodeOf(textIn(dns, "rcode", 16) ?? "NOERROR"),
    answers: readAnswers(dns),
  });
}

function readAnswers(dns: Fields): DnsRecord[] {
  const listed = objectsIn(dns, "answers");
  // Version 1 has one record of the answer in each line.
  const records = listed.length > 0 ? listed : textIn(dns, "rdata") === undefined ? [] : [dns];
  const answers = records.map((record) =>
    dnsRecord(
      textIn(record, "rrname") ?? "",
      textIn(record, "rrtype", 16) ?? "",
      integerIn(record, "ttl", 0xffff_ffff) ?? 0,
      textIn(record, "rdata") ?? "",
    ),
  );
  if (answers.length > 0) return answers;
  const grouped = objectIn(dns, "grouped");
  if (grouped === undefined) return [];
  const name = textIn(dns, "rrname") ?? "";
  for (const type of ["A", "AAAA", "CNAME"]) {
    for (const data of listIn(grouped, type)) {
      if (typeof data === "string" && answers.length < MAX_RECORDS)
        answers.push(dnsRecord(name, type, 0, data.slice(0, 256)));
    }
  }
  return answers;
}
