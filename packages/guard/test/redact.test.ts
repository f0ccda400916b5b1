import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact } from "../src/index.ts";

/** Made up here, so that no scanner of the repository takes one for real. */
const fill = (length: number) => "Zx9Qw3Er7Ty1Ui5Op2As8Df4Gh6Jk0Lz".repeat(4).slice(0, length);
const digits = (length: number) => "4820571936".repeat(8).slice(0, length);

const secrets: readonly (readonly [kind: string, text: string, secret: string])[] = [
  ["an AWS key id", "key AKIAZX9QW3ER7TY1UI5O end", "AKIAZX9QW3ER7TY1UI5O"],
  ["a temporary AWS key id", "ASIAZX9QW3ER7TY1UI5O", "ASIAZX9QW3ER7TY1UI5O"],
  ["an AWS secret key", `aws_secret_access_key = ${fill(40)}`, fill(40)],
  ["a GitHub token", `ghp_${fill(36)}`, fill(36)],
  ["a GitHub server token", `token: ghs_${fill(36)}`, fill(36)],
  ["a fine-grained GitHub token", `github_pat_${fill(60)}`, fill(60)],
  ["a GitLab token", `glpat-${fill(20)}`, fill(20)],
  ["an npm token", `npm_${fill(36)}`, fill(36)],
  ["an Anthropic key", `sk-ant-api03-${fill(60)}`, fill(60)],
  ["an OpenAI key", `sk-proj-${fill(48)}`, fill(48)],
  ["a Stripe key", `sk_live_${fill(24)}`, fill(24)],
  ["a Slack token", `xoxb-${digits(12)}-${fill(24)}`, fill(24)],
  ["a Slack web hook", `https://hooks.slack.com/services/T0/B0/${fill(24)}`, fill(24)],
  ["a Google key", `AIza${fill(35)}`, fill(35)],
  ["a JSON web token", `eyJ${fill(20)}.eyJ${fill(30)}.${fill(40)}`, fill(40)],
  ["a private key", `-----BEGIN OPENSSH PRIVATE KEY-----\n${fill(60)}\n-----END OPENSSH PRIVATE KEY-----`, fill(60)],
  ["a private key that is cut off", `-----BEGIN RSA PRIVATE KEY-----\n${fill(60)}`, fill(60)],
  [
    "a PGP private key",
    `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${fill(60)}\n-----END PGP PRIVATE KEY BLOCK-----`,
    fill(60),
  ],
  ["a bearer token", `Authorization: Bearer ${fill(30)}`, fill(30)],
  ["basic credentials", `authorization: Basic ${fill(24)}`, fill(24)],
  ["a password in an address", "postgres://shop:hunter2hunter2@db/shop", "hunter2hunter2"],
  ["a password without a user in an address", "redis://:hunter2hunter2@cache:6379", "hunter2hunter2"],
  ["a password in an assignment", "DB_PASSWORD=hunter2hunter2", "hunter2hunter2"],
  ["a password in JSON", '{"password": "hunter2hunter2"}', "hunter2hunter2"],
  ["a password in YAML", "password: hunter2hunter2", "hunter2hunter2"],
  ["a token in an option", "tool --token=hunter2hunter2", "hunter2hunter2"],
  ["an API key", "api_key: 'hunter2hunter2'", "hunter2hunter2"],
  ["a client secret", "clientSecret=hunter2hunter2", "hunter2hunter2"],
  ["a quoted password with spaces", 'password = "correct horse battery"', "horse battery"],
  ["a SendGrid key", `SG.${fill(22)}.${fill(43)}`, fill(43)],
  ["a DigitalOcean token", `dop_v1_${"0a1b2c3d".repeat(8)}`, "0a1b2c3d0a1b"],
  ["a Hugging Face token", `hf_${fill(34)}`, fill(34)],
  ["a PyPI token", `pypi-AgEIcHlwaS5vcmc${fill(60)}`, fill(60)],
  ["a Docker Hub token", `dckr_pat_${fill(27)}`, fill(27)],
  ["an age key", `AGE-SECRET-KEY-1${fill(58).toUpperCase()}`, fill(58).toUpperCase()],
];

const lookalikes: readonly string[] = [
  "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "commit 2ad2ec9f4c1d0a9b7e6f5d4c3b2a190807060504",
  "01JD3Z8K9M2N4P6Q8R0S2T4V6W",
  "550e8400-e29b-41d4-a716-446655440000",
  "https://example.com/path?page=2",
  "https://user@example.com/path",
  "http://127.0.0.1:8080/healthz",
  "ssh://git@example.com:2222/x.git",
  "Change the password in the settings.",
  "The token is kept by the operator.",
  "password: ${DB_PASSWORD}",
  "password: $DB_PASSWORD",
  "password=<your password>",
  "DB_PASSWORD=‹DB_PASSWORD›",
  "PASSWORD=****",
  "Needs: DATABASE_URL, API_TOKEN.",
  "sk-learn is a library",
  "task-1234567890 is done",
  "AKIA is a prefix",
  "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
  "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJx operator@example",
  "npm_config_registry=https://registry.npmjs.org",
  "integrity sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg==",
  "xoxo, the team",
  "tokens: 1523",
  "max_tokens: 4096000",
  "maxTokens=1000000",
  "The bearer of this memo is right.",
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==",
];

describe("a secret does not pass", () => {
  test.each(secrets)("%s", (_, text, secret) => {
    expect(redact(text, {})).not.toContain(secret);
    expect(redact(text, {})).toContain("‹secret›");
  });
});

describe("what only looks like a secret is kept", () => {
  test.each(lookalikes)("%j", (text) => {
    expect(redact(text, {})).toBe(text);
  });
});

describe("the value of a named variable", () => {
  test("is replaced by its name wherever it stands", () => {
    expect(redact("a hunter2x b hunter2xx", { DB: "hunter2x" })).toBe("a ‹DB› b ‹DB›x");
  });

  test("is found whole when it holds another one", () => {
    expect(redact("hunter2-long", { SHORT: "hunter2", LONG: "hunter2-long" })).toBe("‹LONG›");
  });

  test("is left alone when it is too short to be told from other text", () => {
    expect(redact("port 80", { PORT: "80" })).toBe("port 80");
  });

  test("is not searched for in the name that replaced another", () => {
    expect(redact("secret-value", { TOKEN_A: "secret-value", B: "TOKEN" })).toBe("‹TOKEN_A›");
  });

  test("is taken as text, not as a pattern", () => {
    expect(redact("a.*b and aXXb", { P: "a.*b" })).toBe("‹P› and aXXb");
    expect(redact("v: $&$&", { P: "$&$&" })).toBe("v: ‹P›");
  });

  test("is found line by line, as a program may print it", () => {
    expect(redact("first: line-one-x\nsecond: line-two-x", { KEY: "line-one-x\nline-two-x" })).not.toMatch(
      /line-(one|two)-x/,
    );
  });

  test("is found in base64 and in addresses", () => {
    const value = "hunter2/hunter2+x";
    expect(redact(Buffer.from(value).toString("base64"), { DB: value })).toBe("‹DB›");
    expect(redact(`x?p=${encodeURIComponent(value)}`, { DB: value })).toBe("x?p=‹DB›");
  });
});

describe("redacting", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "password=",
      "token: ",
      "Bearer ",
      "sk-",
      "ghp_",
      "://a:",
      "@",
      "‹secret›",
      "‹DB›",
      "-----BEGIN PRIVATE KEY-----",
      "AKIA",
      '"',
      "'",
      " ",
      "\n",
      "hunter2hunter2",
      "=",
    ),
    fc.string({ maxLength: 12 }),
    fc.constantFrom(...secrets.map(([, text]) => text)),
  );
  const text = fc.array(piece, { maxLength: 8 }).map((all) => all.join(""));

  test("twice is redacting once", () => {
    fc.assert(
      fc.property(text, (each) => {
        const once = redact(each, { DB: "hunter2hunter2" });
        expect(redact(once, { DB: "hunter2hunter2" })).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  test("leaves no named value", () => {
    fc.assert(
      fc.property(text, fc.string({ minLength: 4, maxLength: 12 }), (each, value) => {
        fc.pre(value.trim().length >= 4 && !"‹DB›‹secret›".includes(value));
        expect(
          redact(`${each} ${value} ${each}`, { DB: value })
            .split(/‹[^›]*›/)
            .join("\n"),
        ).not.toContain(value);
      }),
    );
  });
});
