import { readFile } from "node:fs/promises";
import { memoTypes, parseMemo, parseMeshConfig, parseNodeConfig } from "@memomesh/core";
import { parseState, readBody, readDeployment } from "@memomesh/core/markdown";
import { describe, expect, test } from "vitest";
import { memoText } from "../src/send.ts";
import { fillTemplate, nodeTemplates, readTemplate, templateNames, yamlText } from "../src/templates.ts";
import { put, temporaryFolder } from "./folder.ts";

describe("templates", () => {
  test("every kind of memo has one, and it reads as that kind", async () => {
    const root = await temporaryFolder();
    for (const type of memoTypes) {
      const source = await memoText(root, type, { to: ["ops", "shop"], priority: "high", subject: "Try it" });
      const { header } = parseMemo(source, `${type}.md`);
      expect(header).toMatchObject({ type, to: ["ops", "shop"], priority: "high", subject: "Try it" });
    }
  });

  test("a memo to everyone keeps its star as text", async () => {
    const source = await memoText(await temporaryFolder(), "notice", { to: ["*"], priority: "low", subject: "Hello" });
    expect(parseMemo(source, "notice.md").header.to).toEqual(["*"]);
  });

  test("the deployment block of the template can be read", async () => {
    const source = await memoText(await temporaryFolder(), "deployment", {
      to: ["ops"],
      priority: "normal",
      subject: "Deploy",
    });
    const memo = parseMemo(source, "deployment.md");
    expect(readDeployment(memo, readBody(memo))).toMatchObject({ app: "my-app", target: "staging" });
  });

  test("the shipped mesh, node and state templates can be read once they are filled", async () => {
    const root = await temporaryFolder();
    expect(
      parseMeshConfig(
        fillTemplate(await readTemplate(root, "mesh.yml"), { name: yamlText("Acme: 1") }, "mesh.yml"),
        "mesh.yml",
      ).name,
    ).toBe("Acme: 1");
    const values = {
      role: "sysadmin",
      agent: "offline",
      send: yamlText("*"),
      read: yamlText("*/dist/**"),
      id: "ops",
      date: "2026-11-21T10:00:00Z",
    };
    const files = await nodeTemplates(root, "sysadmin");
    const filled = async (path: string) => fillTemplate(await readFile(files.get(path) ?? "", "utf8"), values, path);
    expect(parseNodeConfig(await filled("node.yml"), "node.yml").grants).toEqual({ send: ["*"], read: ["*/dist/**"] });
    expect(parseState(await filled("STATE.md"), "STATE.md").updated).toBe(values.date);
  });

  test("a mesh's own template wins over the shipped one, and a role's over that for any role", async () => {
    const root = await temporaryFolder();
    await put(root, "templates/memos/ask.md", "own");
    const own = await put(root, "templates/nodes/artist/AGENTS.md", "# artist");
    expect(await readTemplate(root, "memos/ask.md")).toBe("own");
    expect((await nodeTemplates(root, "artist")).get("AGENTS.md")).toBe(own);
    expect([...(await nodeTemplates(root, "artist")).keys()]).toContain("node.yml");
    expect(await templateNames(root, "nodes")).toEqual([
      "artist",
      "developer",
      "project-manager",
      "sysadmin",
      "writer",
    ]);
  });

  test("a placeholder that nobody knows is an error with its line", () => {
    expect(() => fillTemplate("one\n{{id}} {{nmae}}\n", { id: "a", name: "b" }, "x.md")).toThrow(
      "x.md:2: {{nmae}} is not known here; expected id, name",
    );
  });

  test("what is put in is not looked into again, and other braces stay", () => {
    expect(
      fillTemplate("{{id}} {{ .Values }} {{constructor}}".replace("{{constructor}}", ""), { id: "{{id}}" }, "x"),
    ).toBe("{{id}} {{ .Values }} ");
  });

  test("a value stays one text in YAML whatever it looks like", () => {
    expect(["shop", "shop/dist/**", "*", "a: b", "yes", ""].map(yamlText)).toEqual([
      "shop",
      '"shop/dist/**"',
      '"*"',
      '"a: b"',
      '"yes"',
      '""',
    ]);
  });
});
