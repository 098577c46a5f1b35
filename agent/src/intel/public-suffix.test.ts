import { expect, test } from "vitest";
import { baseDomain } from "./public-suffix.ts";

test.each([
  ["www.example.com", "example.com"],
  ["a.b.Example.CO.UK.", "example.co.uk"],
  ["x.y.example.com.au", "example.com.au"],
  ["city.kawasaki.jp", "city.kawasaki.jp"],
  ["printer", "printer"],
  ["co.uk", "co.uk"],
  ["1.168.192.in-addr.arpa", "192.in-addr.arpa"],
  ["_dns-sd._udp.local", "_udp.local"],
  ["", ""],
])("owner's domain of %j is %j", (name, domain) => expect(baseDomain(name)).toBe(domain));
