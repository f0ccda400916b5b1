import { type MeshError, newId, parseMemo } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import type { Mesh } from "../src/load.ts";
import { type DropPlace, route } from "../src/route.ts";
import { plainMesh, plainNode } from "./plain-mesh.ts";

function meshWith(drops: "operator" | "named" = "operator"): Mesh {
  const nodes = [
    plainNode("operator", ["*"]),
    plainNode("developer", ["sysadmin", "writer"]),
    plainNode("sysadmin", ["developer"]),
    plainNode("writer"),
  ];
  return plainMesh(nodes, { drops });
}

function routed(
  source: string,
  drop: DropPlace = { node: "developer", box: "outgoing" },
  mesh = meshWith(),
  parent?: Parameters<typeof route>[3],
) {
  return route(
    parseMemo(source, "memo.md", { to: drop.box === "incoming" ? drop.node : undefined } as { to?: string }),
    drop,
    mesh,
    parent,
  );
}

function refused(...args: Parameters<typeof routed>): MeshError {
  try {
    routed(...args);
  } catch (error) {
    return error as MeshError;
  }
  throw new Error("the memo was not refused");
}

describe("who a memo is from", () => {
  test("a memo in outgoing is from the folder's node", () => {
    expect(routed("---\nto: sysadmin\n---\n# Hi\n")).toMatchObject({ from: "developer", to: ["sysadmin"], hops: 0 });
  });

  test("a forged sender is refused with its line", () => {
    const error = refused("---\nto: sysadmin\nfrom: operator\n---\n# Hi\n");
    expect(error.code).toBe("memo.from.forged");
    expect(error.place).toEqual({ file: "memo.md", line: 3 });
  });

  test("a memo without a header in an inbox is the operator's", () => {
    expect(routed("# Hi\n", { node: "sysadmin", box: "incoming" })).toMatchObject({
      from: "operator",
      to: ["sysadmin"],
    });
  });

  test("a file in an inbox cannot name its sender unless the policy lets it", () => {
    const source = "---\nfrom: developer\nto: sysadmin\n---\n# Hi\n";
    const drop = { node: "sysadmin", box: "incoming" } as const;
    expect(refused(source, drop).code).toBe("memo.from.unproven");
    expect(routed(source, drop, meshWith("named"))).toMatchObject({ from: "developer" });
  });

  test("even then the grants of the named sender hold", () => {
    const source = "---\nfrom: writer\nto: sysadmin\n---\n# Hi\n";
    expect(refused(source, { node: "sysadmin", box: "incoming" }, meshWith("named")).code).toBe("memo.to.not-granted");
  });
});

describe("who receives it", () => {
  test('"*" is everyone that the sender may write to, not itself', () => {
    expect(routed('---\nto: "*"\n---\n# Hi\n').to).toEqual(["operator", "sysadmin", "writer"]);
  });

  test("without a grant nothing is sent, except to the operator", () => {
    const drop = { node: "writer", box: "outgoing" } as const;
    expect(refused("---\nto: developer\n---\n# Hi\n", drop).code).toBe("memo.to.not-granted");
    expect(routed("---\nto: operator\n---\n# Hi\n", drop).to).toEqual(["operator"]);
  });

  test("an unknown recipient is refused and the known ones are named", () => {
    const error = refused("---\nto: sysadmn\n---\n# Hi\n");
    expect(error.code).toBe("memo.to.unknown");
    expect(error.sentence).toContain("sysadmin");
  });

  test("one wrong recipient of several stops the memo for all", () => {
    expect(refused("---\nto: [sysadmin, nobody]\n---\n# Hi\n").code).toBe("memo.to.unknown");
  });

  test("a node does not write to itself", () => {
    expect(refused("---\nto: developer\n---\n# Hi\n").code).toBe("memo.to.self");
  });
});

describe("conversations end", () => {
  const parent = (hops: number) => ({
    ...parseMemo("---\nto: developer\n---\n# Hi\n", "p.md").header,
    id: newId(1),
    hops,
  });

  test("an answer is one hop further than what it answers, whatever it says itself", () => {
    const answered = parent(1);
    expect(
      routed(`---\nto: sysadmin\nre: ${answered.id}\nhops: 0\n---\n# Hi\n`, undefined, undefined, answered),
    ).toMatchObject({ hops: 2, thread: answered.id });
  });

  test("too many hops are refused", () => {
    const answered = parent(3);
    expect(refused(`---\nto: sysadmin\nre: ${answered.id}\n---\n# Hi\n`, undefined, undefined, answered).code).toBe(
      "memo.hops",
    );
  });
});
