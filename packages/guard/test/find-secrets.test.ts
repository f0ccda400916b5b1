import { describe, expect, test } from "vitest";
import { findSecrets, withoutSecrets } from "../src/index.ts";
import { lookalikes, secrets } from "./corpus/secrets.ts";

describe("a secret is found where it stands", () => {
  test.each(secrets)("%s", async (_, text, secret) => {
    const found = await findSecrets(text);
    const at = text.indexOf(secret);
    expect(at).toBeGreaterThanOrEqual(0);
    expect(
      found.some(({ start, end }) => start <= at && end >= at + secret.length),
      JSON.stringify(found),
    ).toBe(true);
  });
});

describe("what only looks like a secret is none", () => {
  test.each(lookalikes)("%j", async (text) => {
    expect(await findSecrets(text)).toEqual([]);
  });
});

describe("a finding", () => {
  const token = `ghp_${"Zx9Qw3Er7Ty1Ui5Op2As8Df4Gh6Jk0Lz".repeat(2).slice(0, 36)}`;

  test("names its kind and its place, and does not repeat the secret", async () => {
    const [found, ...others] = await findSecrets(`first ${token} last`);
    expect(found).toEqual({
      rule: "github-token",
      start: 6,
      end: 46,
      fingerprint: expect.stringMatching(/^sha256:[0-9a-f]{32}$/),
    });
    expect(others).toEqual([]);
    expect(JSON.stringify(found)).not.toContain(token.slice(8, 20));
  });

  test("has the same fingerprint wherever it stands, and is gone when that is allowed", async () => {
    const [one] = await findSecrets(token);
    const [other] = await findSecrets(`x\n  ${token}\n`);
    expect(one?.fingerprint).toBe(other?.fingerprint);
    expect(await findSecrets(`${token} ${token}`, new Set([one?.fingerprint ?? ""]))).toEqual([]);
    expect(await findSecrets(token.replace("Zx9", "Yx9"), new Set([one?.fingerprint ?? ""]))).toHaveLength(1);
  });

  test("is one for each place, also when several rules know it", async () => {
    const found = await findSecrets(`a=${token}\nDB_PASSWORD=${token}`);
    expect(found).toHaveLength(2);
  });

  test("is not lost to a comment that switches scanners off", async () => {
    for (const comment of [
      "<!-- secretlint-disable -->",
      "// secretlint-disable-line",
      "# secretlint-disable-next-line",
    ])
      expect(await findSecrets(`${comment}\n${token} ${comment}`)).toHaveLength(1);
  });
});

describe("text that is kept whatever it holds", () => {
  test.each(secrets)("loses %s", async (_, text, secret) => {
    expect(await withoutSecrets(text)).not.toContain(secret);
  });

  test("keeps what stands around, and loses a key of which the end was cut off", async () => {
    const begin = "-----BEGIN RSA PRIVATE KEY-----";
    const text = `a\n${begin}\nMIIEow\n${begin}\nMIIEpA\n-----END RSA PRIVATE KEY-----\nb`;
    expect(await withoutSecrets(text)).toMatch(/^a\n(?:‹secret›)+\nb$/);
  });
});
