import { describe, expect, it } from "vitest";
import { PRIVATE_NETWORKS } from "../core/ip.ts";
import { pageAddress } from "./page-address.ts";

const at = (host: string, hosts: string[] = []) => pageAddress({ host, port: 8470, hosts }, PRIVATE_NETWORKS);

describe("the page's address", () => {
  it("is where the page listens", () => {
    expect(at("127.0.0.1")).toBe("http://127.0.0.1:8470/");
    expect(at("::1")).toBe("http://[::1]:8470/");
    expect(at("lanwarden.lan")).toBe("http://lanwarden.lan:8470/");
  });

  it("is a name or an address that others can open, when it listens everywhere", () => {
    expect(at("0.0.0.0", ["lanwarden.lan"])).toBe("http://lanwarden.lan:8470/");
    for (const host of ["0.0.0.0", "::"]) expect(at(host)).toMatch(/^http:\/\/\d+\.\d+\.\d+\.\d+:8470\/$/);
    expect(pageAddress({ host: "0.0.0.0", port: 8470, hosts: [] }, [])).toBe("http://127.0.0.1:8470/");
  });
});
