import type { SecretLintSourceCode } from "@secretlint/types";
import type { SecretShape } from "./secret-shape.ts";

/** Looks through one text at a time: what a rule reports does not say of which text it is. */
type RuleSet = (text: string) => Promise<readonly SecretShape[]>;

/** Lets a comment in the text switch all others off. The text is what is looked at; it has no say. */
const switchedOff = "@secretlint/secretlint-rule-filter-comments";

const idle: RuleSet[] = [];

/**
 * Where the recommended rules of secretlint find secrets, in no order and possibly twice. They are asked without
 * secretlint's core, which sets all of them up anew for every text: that takes several times as long as the looking.
 */
export async function secretlintShapes(text: string): Promise<readonly SecretShape[]> {
  const look = idle.pop() ?? (await makeRuleSet());
  const found = await look(text);
  idle.push(look);
  return found;
}

/** The rules are loaded only when they are first needed: it takes longer than most commands. */
async function makeRuleSet(): Promise<RuleSet> {
  const { rules } = await import("@secretlint/secretlint-rule-preset-recommend");
  let found: SecretShape[] = [];
  const handlers = rules
    .filter(({ meta }) => meta.id !== switchedOff && meta.supportedContentTypes.some((type) => type !== "binary"))
    .map(({ meta, create }) => {
      const rule = meta.id.replace(/^@secretlint\/secretlint-rule-/, "");
      return create(
        {
          sharedOptions: {},
          createTranslator: () => (messageId, data) => {
            return { message: String(messageId), messageId: String(messageId), data };
          },
          report: ({ range: [start, end] }) => found.push({ rule, start, end }),
          ignore: () => {},
        },
        {},
      );
    });
  return async (text) => {
    found = [];
    const source = sourceOf(text);
    await Promise.all(handlers.map(({ file }) => file?.(source)));
    return found;
  };
}

/** A text without a file behind it. Only the rule that is switched off asks for lines. */
function sourceOf(content: string): SecretLintSourceCode {
  const noLines = () => {
    throw new TypeError("a rule of secretlint asks for lines, which nobody has counted");
  };
  return {
    hasBOM: false,
    content,
    filePath: "text",
    physicalFilePath: undefined,
    contentType: "text",
    ext: "",
    getFilePath: () => "text",
    getPhysicalFilePath: () => undefined,
    locationToRange: noLines,
    rangeToLocation: noLines,
    positionToIndex: noLines,
    indexToPosition: noLines,
  };
}
