import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex } from "../../test/props/stream-drive.ts";
import { HpackEncoder } from "../demo/frames/payloads/http2.ts";
import { HpackDecoder } from "./hpack.ts";
import { decodeHuffman, huffmanRoom } from "./hpack-huffman.ts";

type Field = [name: string, value: string, isRecalled: boolean];

function decode(decoder: HpackDecoder, block: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  const buf = new Uint8Array(block.length + 8).fill(0xee);
  buf.set(block, 4);
  const isGood = decoder.decode(buf, 4, 4 + block.length, {
    field: (name, value, isRecalled) => void fields.push([name, value, isRecalled]),
  });
  return isGood ? fields : undefined;
}

const plain = (fields: Field[] | undefined): string[] | undefined =>
  fields?.map(([name, value]) => `${name}: ${value}`);

describe("hpack", () => {
  it("reads the requests of RFC 7541 appendix C.3, without Huffman's code", () => {
    const decoder = new HpackDecoder();
    const request = [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"];
    expect(plain(decode(decoder, hex("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d")))).toEqual(request);
    expect(plain(decode(decoder, hex("8286 84be 5808 6e6f 2d63 6163 6865")))).toEqual([
      ...request,
      "cache-control: no-cache",
    ]);
    const custom = "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65";
    expect(plain(decode(decoder, hex(custom)))).toEqual([
      ":method: GET",
      ":scheme: https",
      ":path: /index.html",
      ":authority: www.example.com",
      "custom-key: custom-value",
    ]);
  });

  it("reads the answers of appendix C.6: Huffman's code, and entries put out of a table of 256 octets", () => {
    const decoder = new HpackDecoder();
    // The size that the example presupposes, as an instruction (§6.3).
    expect(decode(decoder, hex("3f e1 01"))).toEqual([]);
    const first = `4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718
                   63c7 8f0b 97c8 e9ae 82ae 43d3`;
    const date = "date: Mon, 21 Oct 2013 20:13:21 GMT";
    const rest = ["cache-control: private", date, "location: https://www.example.com"];
    expect(plain(decode(decoder, hex(first)))).toEqual([":status: 302", ...rest]);
    expect(plain(decode(decoder, hex("4883 640e ffc1 c0bf")))).toEqual([":status: 307", ...rest]);
    const third = `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7
                   b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07`;
    const fields = decode(decoder, hex(third));
    expect(plain(fields)?.slice(0, 4)).toEqual([
      ":status: 200",
      "cache-control: private",
      "date: Mon, 21 Oct 2013 20:13:22 GMT",
      "location: https://www.example.com",
    ]);
    expect(plain(fields)?.at(-1)).toBe("set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1");
    // The table holds three entries now; the third from the end of RFC's listing is the date.
    expect(decode(decoder, hex("c0"))).toEqual([["date", "Mon, 21 Oct 2013 20:13:22 GMT", false]]);
    expect(decode(decoder, hex("c1"))).toBeUndefined();
  });

  it("keeps of secrets only the scheme", () => {
    const decoder = new HpackDecoder();
    const encoder = new HpackEncoder();
    const fields = [
      ["authorization", "Basic YWRtaW46czNjcmV0"],
      ["cookie", "sid=secret"],
    ] as const;
    expect(plain(decode(decoder, encoder.encode(...fields)))).toEqual(fields.map((field) => field.join(": ")));
    expect(decode(decoder, encoder.encode(...fields))).toEqual([
      ["authorization", "Basic", true],
      ["cookie", "", true],
    ]);
  });

  it("refuses what is no block", () => {
    for (const text of [
      "80", // index 0
      "be", // no dynamic entry yet
      "40", // a name is to follow
      "41 05 6162", // a value longer than the block
      "3f e1ff ff07", // a table of megabytes
      "7f ffff ffff 7f", // an integer without end
      "41 82 ffff", // Huffman: padding longer than seven bits
      "41 81 00", // Huffman: padding of zeros
      "41 84 ffff ffff", // Huffman: EOS
    ])
      expect(decode(new HpackDecoder(), hex(text)), text).toBeUndefined();
  });

  it("gives back what an encoder was given, and takes noise in good part", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
    const fields = fc.array(fc.tuple(name, fc.string({ unit: "grapheme", maxLength: 40 })), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fields, { maxLength: 4 }), (blocks) => {
        const decoder = new HpackDecoder();
        const encoder = new HpackEncoder();
        for (const block of blocks) {
          const told = decode(decoder, encoder.encode(...block));
          expect(told?.map(([key]) => key)).toEqual(block.map(([key]) => key));
          const open = told?.filter(([, , isRecalled]) => !isRecalled).map(([key, value]) => [key, value]);
          for (const field of open ?? []) expect(block).toContainEqual(field);
        }
      }),
      { numRuns: 100 },
    );
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }), (blocks) => {
        const decoder = new HpackDecoder();
        for (const block of blocks) decode(decoder, block);
      }),
      { numRuns: 300 },
    );
  });

  it("unpacks Huffman's code into the room that it says", () => {
    const coded = hex("f1e3 c2e5 f23a 6ba0 ab90 f4ff");
    const text = new Uint8Array(huffmanRoom(coded.length));
    const length = decodeHuffman(coded, 0, coded.length, text);
    expect(Buffer.from(text.subarray(0, length)).toString()).toBe("www.example.com");
    // Five bits a character: nothing is denser.
    const dense = hex("00 00 00 00 00");
    expect(decodeHuffman(dense, 0, 5, new Uint8Array(huffmanRoom(5)))).toBe(8);
  });
});
