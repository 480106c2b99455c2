/**
 * Runs a program to its end.
 *
 * In: a program and its arguments, never a shell's line. Out: what it wrote and how it ended. The working directory is
 * never a workspace's, so that nothing of a folder is run by accident. Must not know what is run.
 */

import { spawn } from "node:child_process";
import { homedir } from "node:os";
import { createInterface } from "node:readline";

export interface Ended {
  code: number | null;
  output: string;
}

export interface RunOptions {
  onLine?: (line: string) => void;
  signal?: AbortSignal;
  timeout?: number;
  env?: NodeJS.ProcessEnv;
}

/** Rejects only where the program cannot be started. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: homedir(),
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.timeout ? { timeout: options.timeout } : {}),
    });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        options.onLine?.(line);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, output: lines.join("\n") });
    });
  });
}
