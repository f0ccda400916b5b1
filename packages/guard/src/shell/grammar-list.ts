import type { Node } from "web-tree-sitter";
import { assignmentEntry, type CommandList, commandEntry, redirectionEntry } from "./command-list.ts";
import { isWord, wordText } from "./grammar-word.ts";

/** Statements that are one program with its arguments. */
const callTypes = new Set(["command", "declaration_command", "unset_command"]);
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

function visit(node: Node, entries: string[]): void {
  if (callTypes.has(node.type)) call(node, [], entries);
  else if (node.type === "redirected_statement") redirected(node, entries);
  else visitParts(node, entries);
}

function visitParts(node: Node, entries: string[]): void {
  switch (node.type) {
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
  for (const child of node.namedChildren) {
    if (arithmetic.has(node.type) && child.type === "variable_assignment") visitChildren(child, entries);
    else visit(child, entries);
  }
}

function visitChildren(node: Node, entries: string[]): void {
  for (const child of node.namedChildren) visit(child, entries);
}

/** @param more words that the grammar has put behind a redirection */
function call(node: Node, more: readonly string[], entries: string[]): void {
  const words: string[] = [];
  const bare = node.child(0)?.type ?? "";
  if (node.type !== "command") words.push(bare);
  for (const child of node.namedChildren) {
    if (child.type === "command_name") words.push(...child.namedChildren.map(wordText));
    else if (child.type === "variable_assignment" && node.type === "declaration_command") words.push(declared(child));
    else if (isWord(child)) words.push(wordText(child));
    else if (child.type === "file_redirect") words.push(...behindTarget(child));
    else if (child.type === "variable_assignment") assignment(child, entries);
    visitInside(child, entries);
  }
  const started = withoutKeywords([...words, ...more], node);
  if (started.length > 0) entries.push(commandEntry(started));
}

/** Substitutions in the words of a call, and its redirections; its assignments are handled with it. */
function visitInside(child: Node, entries: string[]): void {
  if (child.type === "variable_assignment") visitChildren(child, entries);
  else visit(child, entries);
}

/** `time` and `coproc` belong to the shell; the grammar takes them for programs. */
function withoutKeywords(words: readonly string[], node: Node): readonly string[] {
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
