import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRepository } from "../src/repository.ts";
import { impatient, Workplace } from "./history-fixture.ts";

let place: Workplace;
beforeEach(() => {
  place = Workplace.withRepository();
});
afterEach(() => place.remove());

describe("uncommitted", () => {
  it.each([1, 40_000])("names what is new, changed and gone in a box, of %i boxes", async (boxes) => {
    const [gone, changed] = [place.write("a/outgoing/gone.md", "x"), place.write("a/outgoing/changed.md", "x")];
    place.git("add", "--all");
    place.git("commit", "--quiet", "--message", "before");
    rmSync(gone);
    place.write("a/outgoing/changed.md", "longer");
    place.write("notes.md", "x");
    const fresh = place.write("a/archived/2026/11/fresh.md", "x");
    // So many that git would not take them as arguments.
    const others = Array.from({ length: boxes - 1 }, (_, index) => place.path(`projects/node-${index}/memos/archived`));
    const repository = await openRepository(place.folder, impatient);
    const found = await repository?.uncommitted([place.path("a/archived"), place.path("a/outgoing"), ...others]);
    expect(new Map(found?.map(({ path, state }) => [path, state]))).toEqual(
      new Map([
        [fresh, "new"],
        [changed, "changed"],
        [gone, "gone"],
      ]),
    );
  });
});
