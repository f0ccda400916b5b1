import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: "./scripts/built-program.ts",
    include: ["packages/*/test/**/*.test.ts", "tests/**/*.test.ts"],
    reporters: [process.env.CI ? "default" : "dot", "./scripts/closing-line-reporter.ts"],
    // Most of them wait for processes and the disk.
    maxWorkers: "150%",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
