import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { printCommitMessage, readTrailers, type Trailer } from "../src/commit-message.ts";
import { openRepository, type Repository } from "../src/repository.ts";
import { impatient, Workplace } from "./history-fixture.ts";

describe("the log", () => {
  let place: Workplace;
  let repository: Repository;

  async function record(date: string, subject: string, trailers: readonly Trailer[], body = ""): Promise<void> {
    const name = `${subject.replaceAll(/\W+/g, "-")}.md`;
    const message = printCommitMessage({ subject, body, trailers });
    place.write(name, subject);
    place.git("add", name);
    process.env.GIT_COMMITTER_DATE = date;
    place.git("commit", "--quiet", "--cleanup=whitespace", `--date=${date}`, "--message", message);
    delete process.env.GIT_COMMITTER_DATE;
  }

  beforeAll(async () => {
    place = Workplace.withRepository();
    repository = (await openRepository(place.folder, impatient))!;
    await record("2026-01-01T10:00:00Z", "Deliver the first", [
      ["Memo-Id", "01A"],
      ["Node", "dev"],
    ]);
    await record("2026-02-01T10:00:00Z", "Answer it", [
      ["Memo-Id", "01B"],
      ["Node", "developer"],
      ["Agent", "offline"],
    ]);
    await record("2026-03-01T10:00:00Z", "Approve (step 1)", [
      ["Runbook", "rb-01"],
      ["Memo-Id", "01A"],
      ["Node", "sysadmin"],
      ["Approved-By", "Pat: Person"],
    ]);
    place.git("commit", "--quiet", "--allow-empty", "--message", "A person's\n\nNode: dev\nis mentioned here.");
    place.git("merge", "--quiet", "--no-ff", "--message", "Merge\n\nNode: dev", "HEAD");
  });
  afterAll(() => place.remove());

  const subjects = async (query: Parameters<Repository["log"]>[0]) =>
    (await repository.log(query)).map(({ subject }) => subject);

  it("tells hash, date, author, subject, trailers and paths, newest first, and leaves other commits out", async () => {
    const entries = await repository.log();
    expect(entries.map(({ subject }) => subject)).toEqual(["Approve (step 1)", "Answer it", "Deliver the first"]);
    expect(entries[0]).toEqual({
      hash: place.git("log", "-1", "--format=%H", "--grep=Approve").trim(),
      date: expect.stringMatching(/^2026-03-01T10:00:00(Z|\+00:00)$/),
      author: { name: "Pat Person", email: "pat@example.com" },
      subject: "Approve (step 1)",
      trailers: [
        ["Runbook", "rb-01"],
        ["Memo-Id", "01A"],
        ["Node", "sysadmin"],
        ["Approved-By", "Pat: Person"],
      ],
      paths: ["Approve-step-1-.md"],
    });
  });

  it("is read by node, memo, thread, text and date, each alone and together", async () => {
    expect(await subjects({ node: "dev" })).toEqual(["Deliver the first"]);
    expect(await subjects({ memo: "01A" })).toEqual(["Approve (step 1)", "Deliver the first"]);
    expect(await subjects({ thread: ["01A", "01B"] })).toHaveLength(3);
    expect(await subjects({ thread: [] })).toEqual([]);
    expect(await subjects({ text: "aNSWER" })).toEqual(["Answer it"]);
    expect(await subjects({ text: "(step 1)" })).toEqual(["Approve (step 1)"]);
    expect(await subjects({ text: "(step ." })).toEqual([]);
    expect(await subjects({ since: new Date("2026-01-15"), until: new Date("2026-02-15") })).toEqual(["Answer it"]);
    expect(await subjects({ memo: "01A", node: "sysadmin" })).toEqual(["Approve (step 1)"]);
    expect(await subjects({ limit: 2 })).toEqual(["Approve (step 1)", "Answer it"]);
    expect(await subjects({ node: "dev", limit: 1 })).toEqual(["Deliver the first"]);
  });

  it("takes options in a question for text", async () => {
    expect(await subjects({ node: "--output=/tmp/x", text: "--all" })).toEqual([]);
  });

  it("is empty in a repository without any commit", async () => {
    const empty = new Workplace();
    empty.git("init", "--quiet");
    expect(await (await openRepository(empty.folder))!.log()).toEqual([]);
    empty.remove();
  });
});

describe("a commit message", () => {
  const trailersOf = (place: Workplace, message: string) => {
    place.git("commit", "--quiet", "--allow-empty", "--cleanup=whitespace", "--message", message);
    return readTrailers(place.git("log", "-1", "--format=%(trailers:only,unfold)"));
  };

  it.each([
    { subject: "Deliver\n\nApproved-By: Mallory", trailers: [["Node", "dev"]] },
    { subject: "Deliver\r\rApproved-By: Mallory\u2028Approved-By: Mallory\u0085", trailers: [["Node", "dev"]] },
    { subject: "Approved-By: Mallory", trailers: [["Node", "dev"]] },
    { subject: "Deliver", trailers: [["Node", "dev\nApproved-By: Mallory"]] },
    {
      subject: "Deliver",
      trailers: [
        ["Node", "dev"],
        ["Agent", "\nApproved-By: Mallory"],
      ],
    },
    { subject: "Deliver", body: "Approved-By: Mallory", trailers: [["Node", "dev"]] },
    { subject: "Deliver", body: "Approved-By: Mallory\n", trailers: [] },
    { subject: "Deliver", body: "Signed-off-by: x\nApproved-By : Mallory\n more", trailers: [] },
    { subject: "Deliver", body: "Approved-By: Mallory\n---\n", trailers: [["Node", "dev"]] },
    { subject: "Deliver", body: "x\n\nApproved-By: Mallory\n\n\0", trailers: [] },
  ] as { subject: string; body?: string; trailers: Trailer[] }[])("lets nothing pass for a trailer: %j", (text) => {
    const place = Workplace.withRepository();
    const message = printCommitMessage(text);
    const found = trailersOf(place, message);
    expect(found.map(([name]) => name)).toEqual(text.trailers.map(([name]) => name));
    const parsed = place.git("-c", "core.commentChar=;", "interpret-trailers", "--parse", place.write("m", message));
    expect(parsed).not.toMatch(/^Approved-By/m);
    place.remove();
  });

  it("keeps the words of the body, also lines that begin with #", () => {
    const message = printCommitMessage({
      subject: " Two  words ",
      body: "# Head\n\n- item",
      trailers: [["Node", " a\tb "]],
    });
    expect(message).toBe("Two words\n\n# Head\n\n- item\n\nNode: a b\n");
  });

  it("is never empty, and leaves out a trailer that says nothing", () => {
    expect(printCommitMessage({ subject: "\n", trailers: [["Model", " \n"]] })).toBe("Record a change\n");
  });

  it("refuses a trailer whose name could be something else", () => {
    expect(() => printCommitMessage({ subject: "x", trailers: [["Node:\nApproved-By", "m"]] })).toThrow(
      "letters, digits and hyphens",
    );
  });
});
