import { describe, expect, it } from "vitest";
import { applicationOf } from "./names.ts";
import { DEVICE_NAMES } from "./names-devices.ts";
import { MACHINE_NAMES } from "./names-machines.ts";
import { PEOPLE_NAMES } from "./names-people.ts";
import { SERVICE_NAMES } from "./names-services.ts";
import { THING_NAMES } from "./names-things.ts";

const appOf = (name: string) => applicationOf(name)?.app;

describe("applicationOf", () => {
  it("takes the longest suffix of whole labels", () => {
    expect(appOf("mail.google.com")).toBe("GMail");
    expect(appOf("www.google.com")).toBe("Google");
    expect(appOf("google.com")).toBe("Google");
    expect(appOf("r3---sn-4g5e6nez.googlevideo.com")).toBe("YouTube");
    expect(appOf("notgoogle.com")).toBeUndefined();
    expect(appOf("google.com.example.org")).toBeUndefined();
  });

  it("passes over case, a final dot and a port", () => {
    expect(appOf("API.Netflix.COM")).toBe("Netflix");
    expect(appOf("api.netflix.com.")).toBe("Netflix");
    expect(appOf("api.netflix.com:8443")).toBe("Netflix");
  });

  it("is quick with names of any shape", () => {
    expect(appOf("")).toBeUndefined();
    expect(appOf(".")).toBeUndefined();
    expect(appOf("..")).toBeUndefined();
    expect(appOf("localhost")).toBeUndefined();
    expect(appOf("[2001:db8::1]:443")).toBeUndefined();
    expect(appOf(`${"a.".repeat(120)}netflix.com`)).toBe("Netflix");
  });

  it("knows what a first label tells, and houses under the names of countries", () => {
    expect(appOf("ocsp.example.org")).toBe("OCSP");
    expect(appOf("instagram.fxyz1-1.fna.fbcdn.net")).toBe("Instagram");
    expect(appOf("static.xx.fbcdn.net")).toBe("Facebook");
    expect(appOf("2.dnscrypt-cert.resolver.example")).toBe("DNScrypt");
    expect(appOf("www.google.com.ar")).toBe("Google");
    expect(appOf("www.ebay.co.uk")).toBe("eBay");
    expect(appOf("google.example")).toBeUndefined();
  });

  it("gives the category", () => {
    expect(applicationOf("ad.doubleclick.net")).toEqual({ app: "Google", category: "Advertisement" });
  });
});

describe("the tables", () => {
  const lines = [...PEOPLE_NAMES, ...MACHINE_NAMES, ...DEVICE_NAMES, ...SERVICE_NAMES, ...THING_NAMES];
  const suffixes = lines.flatMap(([, , text]) => text.split(" "));

  it("name each suffix once, and each application once a category, in lower case, with at most six labels", () => {
    const twice = suffixes.filter((suffix, index) => suffixes.indexOf(suffix) !== index);
    expect(twice).toEqual([]);
    expect(suffixes.filter((suffix) => !/^[a-z0-9-]+(?:\.[a-z0-9-]+){1,5}$/.test(suffix))).toEqual([]);
    expect(new Set(lines.map(([app, category]) => `${app} ${category}`)).size).toBe(lines.length);
  });

  it("know a few hundred applications", () => {
    expect(lines.length).toBeGreaterThan(550);
    expect(suffixes.length).toBeGreaterThan(1500);
  });
});
