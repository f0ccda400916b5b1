import { appendFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JournalEntry } from "@memomesh/agents";
import { newId } from "@memomesh/core";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { openJournal } from "../src/session-journal.ts";
import { temporaryFolder } from "./folder.ts";

let root: string;
beforeEach(async () => {
  root = await temporaryFolder();
});

const memo = newId(1);
const opened: JournalEntry = { kind: "opened", agent: "a", model: "m", start: "sha256:0" };
const said = (text: string): JournalEntry => ({ kind: "message", message: { role: "user", text } });

async function open(time: number, node = "ops") {
  const journal = await openJournal(root, { node, memo, session: newId(time) });
  onTestFinished(() => journal.close());
  return journal;
}

async function lines(): Promise<string[]> {
  const folder = join(root, ".memomesh/sessions/ops");
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")));
  return texts.flatMap((text) => text.trimEnd().split("\n"));
}

test("offers what a session has left that stopped, to the next one on the same memo and node only", async () => {
  const first = await open(1000);
  expect(first.earlier).toEqual([]);
  await first.write(opened);
  await first.write(said("hello"));
  await first.close();
  const second = await open(2000);
  expect(second.earlier).toMatchObject([opened, said("hello")]);
  expect((await open(2000, "dev")).earlier).toEqual([]);
  await second.write(opened);
  await second.close();
  expect((await open(3000)).earlier).toHaveLength(1);
});

test("offers nothing of a session that has come to its end", async () => {
  const first = await open(1000);
  await first.write(opened);
  await first.end("done");
  await first.close();
  expect((await open(2000)).earlier).toEqual([]);
});

test("offers what stands before a line that a crash has cut", async () => {
  const first = await open(1000);
  await first.write(opened);
  await first.close();
  const [name = ""] = await readdir(join(root, ".memomesh/sessions/ops"));
  await appendFile(join(root, ".memomesh/sessions/ops", name), '{"kind":"mess');
  expect((await open(2000)).earlier).toMatchObject([opened]);
});

test("keeps no secret, and continues nothing that has lost one", async () => {
  const first = await open(1000);
  const key = ["ghp", "0123456789abcdefghijABCDEFGHIJ456789"].join("_");
  await first.write(opened);
  await first.write(said(`the token is ${key}`));
  await first.close();
  expect((await lines()).join("\n")).not.toContain(key);
  expect((await lines()).join("\n")).toContain("‹secret›");
  expect((await open(2000)).earlier).toEqual([]);
});
