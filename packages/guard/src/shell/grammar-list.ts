import type { Node } from "web-tree-sitter";
import { assignmentEntry, type CommandList, commandEntry, redirectionEntry } from "./command-list.ts";
import { isWord, isWordType, wordText } from "./grammar-word.ts";

/** Statements that are one program with its arguments. */
const callTypes = new Set(["command", "declaration_command", "unset_command"]);
/** In these nothing else stands. */
const hollow = new Set(["raw_string", "string_content", "comment"]);
/** In these a variable gets a number, and no program sees it. */
const arithmetic = new Set(["c_style_for_statement", "arithmetic_expansion"]);

/**
 * The list of what a tree of tree-sitter-bash runs. The grammar has its own idea of some texts; where it is known, it is
 * put right here, and where it is not, the lists differ and nobody relies on either.
 */
export function grammarList(root: Node): CommandList {
  const entries: string[] = [];
  visit(root, entries);
  return entries;
}

// What a node says of itself is asked of the parser's memory each time, so that it is asked once.

function visit(node: Node, entries: string[], type = node.type): void {
  if (callTypes.has(type)) call(node, [], entries, type);
  else if (type === "redirected_statement") redirected(node, entries);
  else if (!hollow.has(type)) visitParts(node, entries, type);
}

function visitParts(node: Node, entries: string[], type: string): void {
  switch (type) {
    case "comment":
      return;
    case "test_command":
      entries.push(commandEntry(testWords(node)));
      break;
    case "compound_statement":
      if (node.child(0)?.type === "((") entries.push(commandEntry(["(("]));
      break;
    case "for_statement": {
      const name = node.childForFieldName("variable")?.text ?? "";
      for (const value of node.childrenForFieldName("value"))
        if (value !== null && isWord(value)) entries.push(assignmentEntry(name, wordText(value)));
      break;
    }
    case "variable_assignment":
      assignment(node, entries);
      break;
    case "file_redirect":
      redirection(node, entries);
  }
  const counts = arithmetic.has(type);
  for (const child of node.namedChildren) {
    const inner = child.type;
    if (counts && inner === "variable_assignment") visitChildren(child, entries);
    else visit(child, entries, inner);
  }
}

function visitChildren(node: Node, entries: string[]): void {
  for (const child of node.namedChildren) visit(child, entries);
}

/** @param more words that the grammar has put behind a redirection */
function call(node: Node, more: readonly string[], entries: string[], type = node.type): void {
  const words: string[] = [];
  if (type !== "command") words.push(node.child(0)?.type ?? "");
  for (const child of node.namedChildren) {
    const inner = child.type;
    if (inner === "command_name") words.push(...child.namedChildren.map((name) => wordText(name)));
    else if (inner === "variable_assignment" && type === "declaration_command") words.push(declared(child));
    else if (isWordType(inner)) words.push(wordText(child, inner));
    else if (inner === "file_redirect") words.push(...behindTarget(child));
    else if (inner === "variable_assignment") assignment(child, entries);
    visitInside(child, entries, inner);
  }
  const started = withoutKeywords([...words, ...more], node);
  if (started.length > 0) entries.push(commandEntry(started));
}

/** Substitutions in the words of a call, and its redirections; its assignments are handled with it. */
function visitInside(child: Node, entries: string[], type: string): void {
  if (type === "variable_assignment") visitChildren(child, entries);
  else visit(child, entries, type);
}

/** `time` and `coproc` belong to the shell; the grammar takes them for programs. */
function withoutKeywords(words: readonly string[], node: Node): readonly string[] {
  if (words[0] !== "time" && words[0] !== "coproc") return words;
  const written = node.childForFieldName("name")?.text;
  if (written !== "time" && written !== "coproc") return words;
  return words.slice(written === "time" && words[1] === "-p" ? 2 : 1);
}

function redirected(node: Node, entries: string[]): void {
  const body = node.childForFieldName("body");
  const redirects = node.namedChildren.filter((child) => child.id !== body?.id);
  const more = [...lost(node, body, redirects[0]), ...redirects.flatMap(behindTarget)];
  if (body !== null && callTypes.has(body.type)) call(body, more, entries);
  else {
    if (body !== null) visit(body, entries);
    if (more.length > 0) entries.push(commandEntry(more));
  }
  for (const redirect of redirects) visit(redirect, entries);
}

/** The grammar drops the `-` of `cat - <<E`. */
function lost({ text, startIndex }: Node, body: Node | null, redirect: Node | undefined): string[] {
  const between = body && redirect && text.slice(body.endIndex - startIndex, redirect.startIndex - startIndex).trim();
  return between ? [between] : [];
}

/** Words that stand behind a redirection's target, which the grammar counts to it. */
function behindTarget(redirect: Node): string[] {
  if (redirect.type === "file_redirect") return redirect.childrenForFieldName("destination").slice(1).flatMap(word);
  if (redirect.type !== "heredoc_redirect") return [];
  return redirect.children.flatMap((child, index) => {
    if (redirect.fieldNameForChild(index) === "argument") return word(child);
    return child.type === "file_redirect" ? behindTarget(child) : [];
  });
}

function word(node: Node | null): string[] {
  return node !== null && isWord(node) ? [wordText(node)] : [];
}

function redirection(node: Node, entries: string[]): void {
  const operator = node.children.find(({ isNamed }) => !isNamed)?.type ?? "";
  const [target] = node.childrenForFieldName("destination");
  if (target === undefined || target === null || operator.endsWith("&-")) return;
  if (operator.endsWith("&") && /^\d*-?$/.test(target.text)) return;
  entries.push(redirectionEntry(operator !== "<" && operator !== "<&", wordText(target)));
}

function assignment(node: Node, entries: string[]): void {
  const name = node.childForFieldName("name");
  const value = node.childForFieldName("value");
  const followed =
    name?.type === "variable_name" && value?.type !== "array" && !node.children.some(({ type }) => type === "+=");
  if (followed) entries.push(assignmentEntry(name.text, value === null || !isWord(value) ? "" : wordText(value)));
}

/** `NAME=value` behind `export`. */
function declared(node: Node): string {
  const name = node.childForFieldName("name");
  const value = node.childForFieldName("value");
  const followed =
    name?.type === "variable_name" && value?.type !== "array" && !node.children.some(({ type }) => type === "+=");
  const text = value === null ? "" : wordText(value);
  return `${/^\w*/.exec(name?.text ?? "")?.[0]}=${followed ? text : "\u0001"}`;
}

function testWords(node: Node): string[] {
  return node.children.flatMap(function words(child): string[] {
    if (isWord(child)) return [wordText(child)];
    return child.childCount === 0 ? [child.text] : child.children.flatMap(words);
  });
}
