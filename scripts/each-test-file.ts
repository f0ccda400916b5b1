// Runs in front of every file of tests: what one has stubbed, the next one in the same process does not see.
import { afterAll, vi } from "vitest";

afterAll(() => {
  vi.unstubAllEnvs();
});
