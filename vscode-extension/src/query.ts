/**
 * What the user types into the search box: words, and filters among them.
 *
 * In: `retries kind:class tests:exclude in:src/net`. Out: the question for the server. Must not know of the editor's API.
 */

import type { Kind, SearchQuestion, Tests } from "./protocol";

const KINDS: readonly Kind[] = ["function", "method", "class", "module"];
const TESTS: readonly Tests[] = ["include", "exclude", "only"];

/** `folder` is as it was typed; whoever asks makes a URI of it. */
export type Query = Pick<SearchQuestion, "query" | "kinds" | "tests" | "folder">;

/** A filter that is not complete or not known is a word like any other. */
export function parseQuery(text: string): Query {
  const words: string[] = [];
  const kinds: Kind[] = [];
  const query: Query = { query: "" };
  for (const word of text.trim().split(/\s+/)) {
    const [, name, value] = /^(kind|tests|in):(.+)$/.exec(word) ?? [];
    if (name === "kind" && isAmong(KINDS, value)) kinds.push(value);
    else if (name === "tests" && isAmong(TESTS, value)) query.tests = value;
    else if (name === "in" && value !== undefined) query.folder = asPath(value);
    else words.push(word);
  }
  query.query = words.join(" ");
  if (kinds.length > 0) query.kinds = kinds;
  return query;
}

/** `text` with its `tests:` filter set to the next of include, exclude, only. */
export function withNextTests(text: string): string {
  const present = parseQuery(text).tests ?? "include";
  const next = TESTS[(TESTS.indexOf(present) + 1) % TESTS.length] ?? "include";
  const others = text.split(/\s+/).filter((word) => word !== "" && !/^tests:(include|exclude|only)$/.test(word));
  return [...others, ...(next === "include" ? [] : [`tests:${next}`])].join(" ");
}

/** Windows writes folders with `\`. */
function asPath(typed: string): string {
  return typed.replaceAll("\\", "/").replace(/\/+$/, "");
}

function isAmong<T extends string>(known: readonly T[], value: string | undefined): value is T {
  return known.some((each) => each === value);
}
