import { describe, expect, test } from "vitest";
import { parseQuery, withNextTests } from "../src/query";

describe("parseQuery", () => {
  test("words are the query", () => {
    expect(parseQuery("  where are   retries configured ")).toEqual({ query: "where are retries configured" });
  });

  test("filters are taken out of the words", () => {
    const query = parseQuery("retries kind:class kind:function tests:exclude in:src/net/");
    expect(query).toEqual({ query: "retries", kinds: ["class", "function"], tests: "exclude", folder: "src/net" });
  });

  test("a folder is read as Windows writes it, too", () => {
    expect(parseQuery("retries in:src\\net\\").folder).toBe("src/net");
  });

  test("an unknown filter is a word", () => {
    expect(parseQuery("kind:banana tests:maybe in: a:b")).toEqual({ query: "kind:banana tests:maybe in: a:b" });
  });

  test("nothing typed is an empty query", () => {
    expect(parseQuery("")).toEqual({ query: "" });
  });
});

describe("withNextTests", () => {
  test("goes round include, exclude, only", () => {
    const once = withNextTests("read file");
    const twice = withNextTests(once);
    expect([once, twice, withNextTests(twice)]).toEqual([
      "read file tests:exclude",
      "read file tests:only",
      "read file",
    ]);
  });
});
