import type { Problem } from "@/api/flows";

/** A misspelt name, and what it was meant to be by the server's guess. */
export interface QuickFix {
  line: number;
  column: number;
  wrong: string;
  right: string;
}

/** Only where the text still has, at the problem's place, the name that the problem is about. */
export function fixOf(problem: Problem, text: string): QuickFix | undefined {
  const right = /did you mean '?([\w.-]*[\w-])'?\?/.exec(problem.message)?.[1];
  if (right === undefined || problem.line === undefined || problem.column === undefined) return undefined;
  const rest = text.split("\n")[problem.line - 1]?.slice(problem.column - 1) ?? "";
  const wrong = /^[\w.-]+/.exec(rest)?.[0];
  if (wrong === undefined || wrong === right || problem.path?.split(/[.[\]]/).at(-1) !== wrong) return undefined;
  return { line: problem.line, column: problem.column, wrong, right };
}

export function withFix(text: string, { line, column, wrong, right }: QuickFix): string {
  const lines = text.split("\n");
  const old = lines[line - 1] ?? "";
  lines[line - 1] = old.slice(0, column - 1) + right + old.slice(column - 1 + wrong.length);
  return lines.join("\n");
}
