import type { ShellWord } from "./command.ts";

/**
 * What a text does to its own shell: the variables it sets, the folders it enters, the functions it defines. One for
 * each subshell, so that `(cd / && ls)` does not count for what follows.
 *
 * Nothing here follows the flow of control: a variable has every value that is given to it anywhere. That is exact
 * enough for the shell text of a step, and it cannot be fooled by the order of things.
 */
export interface Scope {
  readonly parent: Scope | undefined;
  /** Where this scope stands in its parent. */
  readonly at: number;
  /** Whether it runs at any later time, as the body of a function does. */
  readonly late: boolean;
  readonly assigned: Map<string, Assignment[]>;
  readonly entered: Entering[];
  /** Where each function is defined that certainly is. */
  readonly functions: Map<string, number>;
  /** Whether something runs in this shell that may set any variable and enter any folder, such as `eval`. */
  unforeseeable: boolean;
}

export interface Assignment {
  readonly name: string;
  /** Undefined: any value. */
  readonly value: ShellWord | undefined;
  /** As the words of a `for` list: each one is a value. */
  readonly list: boolean;
  readonly at: number;
  /** Where in the text it has certainly happened, and so hides what the variable was before; undefined: nowhere. */
  readonly holds: { readonly from: number; readonly until: number } | undefined;
}

export interface Entering {
  /** Undefined: any folder. */
  readonly folder: ShellWord | undefined;
  /** From here on it may have happened. */
  readonly from: number;
  readonly repeated: boolean;
}

export function newScope(parent?: Scope, at = 0, late = false): Scope {
  return { parent, at, late, assigned: new Map(), entered: [], functions: new Map(), unforeseeable: false };
}

export function assign(scope: Scope, assignment: Assignment): void {
  const same = scope.assigned.get(assignment.name);
  if (same === undefined) scope.assigned.set(assignment.name, [assignment]);
  else same.push(assignment);
}

/** Whether this name certainly means a function of the text, of which the body is read where it is defined. */
export function isFunction(name: string, scope: Scope, at: number): boolean {
  if ((scope.functions.get(name) ?? at) < at) return true;
  return scope.parent !== undefined && isFunction(name, scope.parent, scope.at);
}

/** Whether anything of the shell's own was left to a text that cannot be foreseen. */
export function isUnforeseeable(scope: Scope): boolean {
  return scope.unforeseeable || (scope.parent !== undefined && isUnforeseeable(scope.parent));
}
