// Completion and hovers inside of expressions, and of the names of namespaces and flows.
import type * as Monaco from "monaco-editor";
import { namespaces, searchFlows } from "@/api/flows";
import { getExpressionWords, getPluginDoc, type Property } from "@/api/plugins";
import { itemAt } from "@/components/editor/yamlEdits";
import { explain, suggestionsAt, type ExpressionSources, type Suggestion } from "@/editor/expressionSuggestions";
import { openExpression, placeIn, type ExpressionPlace } from "@/editor/expressionText";
import { scopeAt } from "@/editor/flowScope";

type Editor = typeof Monaco;
const MOST_FLOWS = 200;

/** Asked once for each argument; what failed is asked again. */
function remembered<T>(ask: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (name) => {
    const answer = answers.get(name) ?? ask(name);
    answers.set(name, answer);
    answer.catch(() => answers.delete(name));
    return answer;
  };
}

const words = remembered(() => getExpressionWords());
const outputsOf = remembered(async (type): Promise<readonly Property[]> => (await getPluginDoc(type)).outputs);
const flowsOf = remembered(async (namespace) => {
  const page = await searchFlows({ "filters[namespace][EQUALS]": namespace, size: MOST_FLOWS, sort: "id:asc" });
  return page.rows.map(({ id }) => id);
});

async function sources(): Promise<ExpressionSources> {
  // The flow's own names are completed without the server's words, too. A type that is still being typed has no outputs.
  return { words: await words("all").catch(() => []), outputsOf: (type) => outputsOf(type).catch(() => []) };
}

function docOf({ label, detail, description }: Suggestion): Monaco.IMarkdownString[] {
  const head = { value: `\`${label}${detail?.startsWith("(") === true ? detail : ""}\`${detail === undefined || detail.startsWith("(") ? "" : ` ${detail}`}` };
  return description === undefined ? [head] : [head, { value: description }];
}

/** Only the two keys whose values are names that the server knows. */
async function namesFor(text: string, lineNumber: number, before: string): Promise<string[]> {
  const key = /^\s*(?:-\s+)?(namespace|flowId):\s*\S*$/.exec(before)?.[1];
  if (key === "namespace") return namespaces();
  if (key !== "flowId") return [];
  const around = itemAt(text, lineNumber)?.properties.find(({ name }) => name === "namespace")?.value;
  const namespace = around ?? scopeAt(text, 0).namespace;
  return namespace === "" || namespace.includes("{{") ? [] : flowsOf(namespace);
}

/** An expression may go over several lines. */
function textBefore(model: Monaco.editor.ITextModel, position: Monaco.IPosition): string {
  const LINES = 20;
  return model.getValueInRange({
    startLineNumber: Math.max(1, position.lineNumber - LINES),
    startColumn: 1,
    endLineNumber: position.lineNumber,
    endColumn: position.column,
  });
}

function completion(editor: Editor): Monaco.languages.CompletionItemProvider {
  const { CompletionItemKind, CompletionItemInsertTextRule } = editor.languages;
  const KINDS = {
    variable: CompletionItemKind.Variable,
    member: CompletionItemKind.Field,
    function: CompletionItemKind.Function,
    filter: CompletionItemKind.Function,
    test: CompletionItemKind.Operator,
  };
  return {
    triggerCharacters: ["{", ".", "|", " "],
    async provideCompletionItems(model, position) {
      const line = (from: number) => ({
        startLineNumber: position.lineNumber,
        endLineNumber: position.lineNumber,
        startColumn: from,
        endColumn: position.column,
      });
      const before = textBefore(model, position);
      if (openExpression(before) === undefined) {
        const thisLine = model.getLineContent(position.lineNumber).slice(0, position.column - 1);
        const names = await namesFor(model.getValue(), position.lineNumber, thisLine).catch(() => []);
        const from = position.column - (/\S*$/.exec(thisLine)?.[0].length ?? 0);
        return { suggestions: names.map((name) => ({ label: name, kind: CompletionItemKind.Value, insertText: name, range: line(from) })) };
      }
      const place = placeIn(before);
      if (place === undefined) return { suggestions: [] };
      const found = await suggestionsAt(place, scopeAt(model.getValue(), model.getOffsetAt(position)), await sources());
      const start = position.column - place.word.length;
      return {
        suggestions: found.map((one, index) => ({
          label: { label: one.label, description: one.detail },
          kind: KINDS[one.kind],
          documentation: one.description === undefined ? undefined : { value: one.description },
          insertText: one.insert,
          insertTextRules: CompletionItemInsertTextRule.InsertAsSnippet,
          // In our order, and before what the schema may have to say here.
          sortText: `!${String(index).padStart(4, "0")}`,
          filterText: one.label,
          // Brackets take the dot's place.
          range: line(one.insert.startsWith("[") ? start - 1 : start),
        })),
      };
    },
  };
}

const hovers: Monaco.languages.HoverProvider = {
  async provideHover(model, position) {
    const word = model.getWordAtPosition(position);
    if (word === null) return null;
    const place: ExpressionPlace | undefined = placeIn(textBefore(model, { lineNumber: position.lineNumber, column: word.endColumn }));
    if (place === undefined) return null;
    const meant = await explain(place, scopeAt(model.getValue(), model.getOffsetAt(position)), await sources());
    if (meant === undefined) return null;
    const range = {
      startLineNumber: position.lineNumber,
      endLineNumber: position.lineNumber,
      startColumn: word.endColumn - place.word.length,
      endColumn: word.endColumn,
    };
    return { contents: docOf(meant), range };
  },
};

export function completeExpressions(editor: Editor, selector: string): void {
  const files = { language: "yaml", pattern: selector };
  editor.languages.registerCompletionItemProvider(files, completion(editor));
  editor.languages.registerHoverProvider(files, hovers);
}
