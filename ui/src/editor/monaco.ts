// The editor with all that belongs to it: loaded only when somebody opens one. Everything comes from our own server.
import * as monaco from "monaco-editor/esm/vs/editor/edcore.main";
import { conf, language } from "monaco-editor/esm/vs/basic-languages/yaml/yaml";
// Colours of other files; each language comes when a file of it is opened.
import "monaco-editor/esm/vs/basic-languages/python/python.contribution";
import "monaco-editor/esm/vs/basic-languages/shell/shell.contribution";
import "monaco-editor/esm/vs/basic-languages/sql/sql.contribution";
import "monaco-editor/esm/vs/basic-languages/javascript/javascript.contribution";
import "monaco-editor/esm/vs/basic-languages/typescript/typescript.contribution";
import "monaco-editor/esm/vs/basic-languages/markdown/markdown.contribution";
import "monaco-editor/esm/vs/basic-languages/r/r.contribution";
import "monaco-editor/esm/vs/basic-languages/xml/xml.contribution";
import "monaco-editor/esm/vs/basic-languages/html/html.contribution";
import "monaco-editor/esm/vs/basic-languages/css/css.contribution";
import "monaco-editor/esm/vs/basic-languages/go/go.contribution";
import "monaco-editor/esm/vs/basic-languages/java/java.contribution";
import "monaco-editor/esm/vs/basic-languages/ruby/ruby.contribution";
import "monaco-editor/esm/vs/basic-languages/ini/ini.contribution";
import "monaco-editor/esm/vs/basic-languages/dockerfile/dockerfile.contribution";
import { configureMonacoYaml, type MonacoYaml } from "monaco-yaml";
import { completeExpressions } from "@/editor/expressionLanguage";
import EditorWorker from "monaco-editor/esm/vs/editor/editor.worker?worker";
import YamlWorker from "@/editor/yaml.worker?worker";

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

/** Models of flows are called so; the schema is for them. */
const FLOW_FILES = "**/*.flow.yaml";

let yaml: MonacoYaml | undefined;

/** The language library asks for its worker by name and sends what to create; the editor wants the worker itself since its version 0.53. */
function createYamlWorker({ createData }: { createData?: unknown }): monaco.editor.MonacoWebWorker<object> {
  const worker = new YamlWorker();
  // The first message only wakes the worker's script, the second is handed to it.
  worker.postMessage("begin");
  worker.postMessage(createData);
  return monaco.editor.createWebWorker<object>({ worker });
}

/** The editor as the language library knows it. */
const forYaml = { ...monaco, editor: { ...monaco.editor, createWebWorker: createYamlWorker } } as unknown as typeof monaco;

/** Completion and hovers from the schema. What is wrong, the server says: it knows more, and nothing is told twice. */
export async function completeBy(schema: object): Promise<void> {
  const options = {
    validate: false,
    completion: true,
    hover: true,
    format: { enable: true },
    enableSchemaRequest: false,
    schemas: [{ uri: "inmemory://schema/flow.json", fileMatch: [FLOW_FILES], schema }],
  };
  if (yaml === undefined) yaml = configureMonacoYaml(forYaml, options);
  else await yaml.update(options);
}

completeExpressions(monaco, FLOW_FILES);

const { IndentAction } = monaco.languages;
monaco.languages.register({ id: "yaml", extensions: [".yaml", ".yml"], aliases: ["YAML"] });
monaco.languages.setMonarchTokensProvider("yaml", language);
/** The next property of a list's item stands under the first one, not under the dash. */
monaco.languages.setLanguageConfiguration("yaml", {
  ...conf,
  onEnterRules: [
    { beforeText: /^\s*-\s+[\w-]+:\s*(?:[|>][+-]?)?\s*$/, action: { indentAction: IndentAction.None, appendText: "    " } },
    { beforeText: /^\s*-\s+[\w-]+:\s.*$/, action: { indentAction: IndentAction.None, appendText: "  " } },
    { beforeText: /:\s*(?:[|>][+-]?)?\s*$/, action: { indentAction: IndentAction.Indent } },
  ],
});

/** The editor in the colours of the page. */
export function useTheme(dark: boolean): void {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const rule = (token: string, name: string) => ({ token, foreground: colour(name).slice(1) });
  monaco.editor.defineTheme("sluice", {
    base: dark ? "vs-dark" : "vs",
    inherit: true,
    rules: [
      rule("type.yaml", "--accent"),
      rule("string.yaml", "--text"),
      rule("string", "--success"),
      rule("number.yaml", "--info"),
      rule("number", "--info"),
      rule("keyword.yaml", "--running"),
      rule("keyword", "--running"),
      rule("comment.yaml", "--text-3"),
      rule("comment", "--text-3"),
    ],
    colors: {
      "editor.background": colour("--surface"),
      "editor.foreground": colour("--text"),
      "editorLineNumber.foreground": colour("--text-3"),
      "editorLineNumber.activeForeground": colour("--text"),
      "editor.lineHighlightBackground": colour("--surface-2"),
      "editor.lineHighlightBorder": colour("--surface-2"),
      "editorIndentGuide.background1": colour("--line"),
      "editorWidget.background": colour("--surface"),
      "editorWidget.border": colour("--line"),
      "editorSuggestWidget.selectedBackground": colour("--accent-soft"),
      "editorSuggestWidget.selectedForeground": colour("--text"),
      "editorSuggestWidget.highlightForeground": colour("--accent"),
      "editorSuggestWidget.focusHighlightForeground": colour("--accent"),
    },
  });
  monaco.editor.setTheme("sluice");
}

export { monaco };
