import { beforeEach, expect, test, vi } from "vitest";
import type { LogOutputChannel } from "vscode";
import { Server } from "../src/client";
import type { Launch } from "../src/launch";
import { Problem } from "../src/problem";
import { StatusHolder } from "../src/status";
import { LanguageClient as Fake } from "./languageClient";
import { window } from "./vscode";

vi.mock("vscode-languageclient/node", () => import("./languageClient"));

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined } as unknown as LogOutputChannel;
const remedy = { title: "Rebuild the Environment", run: () => undefined };
const launch: Launch = { program: "python", args: [], cwd: "/", env: {}, remedy, origin: "bundled" };

let status: StatusHolder;
let find: ReturnType<typeof vi.fn>;
let server: Server;

beforeEach(() => {
  Fake.all = [];
  Fake.mode = "runs";
  status = new StatusHolder();
  find = vi.fn(() => Promise.resolve(launch));
  server = new Server({ find } as never, status, quiet, {});
});

function present(): Fake {
  const client = Fake.all.at(-1);
  if (!client) throw new Error("no client was made");
  return client;
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const problem = await work.catch((found: unknown) => found);
  expect(problem).toBeInstanceOf(Problem);
  return problem as Problem;
}

test("a server that ran comes back by itself", async () => {
  await server.start();
  expect(await present().dies()).toBe("restart");
});

test("a server that dies while it starts does not come back behind one's back", async () => {
  Fake.mode = "fails";
  await server.start();
  expect(present().disposed).toBe(true);
  expect(await present().dies()).toBe("end");
  expect(status.value.state).toBe("failed");
});

test("one that was restarted while it came back leaves the new one alone", async () => {
  await server.start();
  const old = present();
  await old.dies();
  const second = old.dies(); // waits a second
  await server.restart();
  expect(await second).toBe("end");
  expect(old.disposed).toBe(true);
  expect(Fake.all).toHaveLength(2);
  expect(status.value.state).toBe("ready");
  old.become(3);
  expect(await old.dies()).toBe("end");
  expect(status.value.state).toBe("ready");
});

test("a failure offers to rebuild, is kept, and no question tries again", async () => {
  Fake.mode = "fails";
  const first = await problemOf(server.running());
  const second = await problemOf(server.ask("codekin.status", undefined));
  expect(second).toBe(first);
  expect(first.remedies.map(({ title }) => title)).toEqual(["Try Again", "Rebuild the Environment"]);
  expect(find).toHaveBeenCalledTimes(1);
  Fake.mode = "runs";
  await server.restart();
  await server.running();
  expect(server.failure()).toBeUndefined();
});

test("five ends are enough, and offer to rebuild", async () => {
  vi.useFakeTimers();
  await server.start();
  for (let ends = 1; ends < 5; ends += 1) {
    const asked = present().dies();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await asked).toBe("restart");
  }
  expect(await present().dies()).toBe("end");
  vi.useRealTimers();
  const { message, remedies } = await problemOf(server.running());
  expect(message).toMatch(/five times/);
  expect(remedies.map(({ title }) => title)).toContain("Rebuild the Environment");
});

test("one that cannot come back says so, and does not seem to start for ever", async () => {
  vi.useFakeTimers();
  await server.start();
  const back = present().dies();
  await vi.advanceTimersByTimeAsync(10);
  expect(await back).toBe("restart");
  present().become(1); // its program is gone
  await vi.advanceTimersByTimeAsync(20_000);
  vi.useRealTimers();
  expect(status.value.state).toBe("failed");
  expect((await problemOf(server.running())).message).toMatch(/did not start/);
});

test("what the system says of a set-up is a problem with something to do", async () => {
  find.mockRejectedValue(Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" }));
  await server.start();
  const { message, remedies } = await problemOf(server.running());
  expect(message).toBe("codekin could not be set up: EACCES: permission denied.");
  expect(remedies).toHaveLength(2);
});

test("a question during a rebuild waits for it", async () => {
  await server.start();
  let isRebuilt = false;
  const rebuilding = server.restart(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    isRebuilt = true;
  });
  const seen = server.running().then(() => isRebuilt);
  await rebuilding;
  expect(await seen).toBe(true);
  expect(Fake.all).toHaveLength(2);
});

test("a failed rebuild is told, not swallowed", async () => {
  await server.start();
  await server.restart(() => Promise.reject(new Error("EBUSY")));
  expect(server.failure()?.message).toMatch(/EBUSY/);
});

test("of several restarts one server comes, also where one hung", async () => {
  Fake.mode = "hangs";
  const hanging = server.start();
  await vi.waitFor(() => {
    expect(Fake.all).toHaveLength(1);
  });
  const hung = present();
  Fake.mode = "runs";
  await Promise.all([hanging, server.restart(), server.restart()]);
  expect(hung.disposed).toBe(true);
  expect(Fake.all).toHaveLength(2);
  expect(status.value.state).toBe("ready");
});

test("a stopped server stays stopped, whatever was under way", async () => {
  const starting = server.restart();
  await server.stop();
  await starting;
  expect(status.value.state).toBe("stopped");
  expect(Fake.all.filter(({ disposed }) => !disposed)).toEqual([]);
});

test("a set-up that another restart has overtaken is ended, and is no failure", async () => {
  let ended = false;
  const waiting = (signal: AbortSignal) =>
    new Promise<void>((_, reject) => {
      signal.addEventListener("abort", () => {
        ended = true;
        reject(new Error("aborted"));
      });
    });
  const first = server.restart(waiting);
  await vi.waitFor(() => {
    expect(status.value.state).toBe("setup");
  });
  await Promise.all([first, server.restart()]);
  expect(ended).toBe(true);
  expect(server.failure()).toBeUndefined();
  expect(Fake.all).toHaveLength(1);
});

test("of the server's messages only those pop up that are of what was asked for", async () => {
  const showWarningMessage = vi.fn(() => Promise.resolve());
  Object.assign(window, { showWarningMessage });
  await server.start();
  const said = present().notified.get("window/showMessage") as (said: { type: number; message: string }) => void;
  const title = "Rename to 'total'";
  const work = () => {
    said({ type: 2, message: "codekin's model process ended" });
    said({ type: 2, message: `${title}: it is taken` });
    return Promise.resolve();
  };
  await server.onBehalf(work, title);
  expect(showWarningMessage.mock.calls).toEqual([[`${title}: it is taken`]]);
  expect(status.value.message).toBe("codekin's model process ended");
  await server.onBehalf(work);
  expect(showWarningMessage).toHaveBeenCalledTimes(1);
});
