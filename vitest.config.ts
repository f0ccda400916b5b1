import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { ProcessesFirst } from "./scripts/test-order.ts";

export default defineConfig({
  test: {
    globalSetup: "./scripts/built-program.ts",
    setupFiles: "./scripts/each-test-file.ts",
    include: ["packages/*/test/**/*.test.ts", "tests/**/*.test.ts"],
    reporters: [process.env.CI ? "default" : "dot", "./scripts/closing-line-reporter.ts"],
    // What the machine's owner has configured must not decide whether a test passes.
    env: { GIT_CONFIG_GLOBAL: join(import.meta.dirname, "scripts/tests.gitconfig"), GIT_CONFIG_NOSYSTEM: "1" },
    // The files of one worker share the loaded modules: loading them anew took a third of the time. So a fixture cleans up
    // with `onTestFinished`, not with a hook of its own module, which only the first file would register.
    isolate: false,
    // One more than processors: a fifth of the time, the tests wait for processes of their own.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: ProcessesFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
