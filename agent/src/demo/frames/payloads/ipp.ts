import { be16, be32, counted, join } from "../octets.ts";

const attribute = (tag: number, name: string, value: string): Uint8Array =>
  join(tag, counted(2, name), counted(2, value));

const group = (uri: string): Uint8Array =>
  join(
    1, // operation attributes
    attribute(0x47, "attributes-charset", "utf-8"),
    attribute(0x48, "attributes-natural-language", "en"),
    attribute(0x45, "printer-uri", uri),
  );

/** Body of a Print-Job or Get-Printer-Attributes request (RFC 8010 §3.1); it travels in an HTTP POST. */
export const ippRequest = (
  operation: "print-job" | "get-printer-attributes",
  requestId: number,
  uri: string,
): Uint8Array => join(2, 0, be16(operation === "print-job" ? 0x0002 : 0x000b), be32(requestId), group(uri), 3);

/** Body of a successful answer. */
export const ippResponse = (requestId: number, model: string): Uint8Array =>
  join(
    2,
    0,
    be16(0),
    be32(requestId),
    1,
    attribute(0x47, "attributes-charset", "utf-8"),
    4,
    attribute(0x41, "printer-make-and-model", model),
    3,
  );
