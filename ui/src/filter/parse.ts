import type { Condition } from "@/filter/condition";
import { FIELDS, FREE_TEXT, WORDS, type FilterField, type FilterPage, type Operation } from "@/filter/fields";

export interface Mistake {
  code: "field" | "operator" | "value" | "or" | "quote" | "list" | "key" | "date" | "duration" | "notHere" | "word" | "twice";
  /** What was found, or what the mistake is about. */
  found: string;
  /** What would be right, where it can be said. */
  expected: string;
  from: number;
  to: number;
}

export interface Parsed {
  conditions: Condition[];
  mistake: Mistake | undefined;
}

export interface Token {
  kind: "word" | "text" | "sign" | "open" | "close" | "comma";
  text: string;
  from: number;
  to: number;
}

/** What is expected where the text ends: for completion. */
export interface Expectation {
  what: "condition" | "operator" | "value" | "listValue" | "listEnd" | "joint";
  field: FilterField | undefined;
  key: string | undefined;
}

export class FilterMistake extends Error {
  constructor(readonly mistake: Mistake) {
    super(mistake.code);
  }
}

const SIGN = /^(?:!=|>=|<=|=|>|<)/;
const WORD = /^[^\s()",=<>!]+/;

/** Divides a text. Inside of values most signs are letters like others: `url:http://x` is one word. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const push = (kind: Token["kind"], content: string, length: number) => {
    tokens.push({ kind, text: content, from: at, to: at + length });
    at += length;
  };
  while (at < text.length) {
    const rest = text.slice(at);
    const blank = /^\s+/.exec(rest);
    if (blank !== null) {
      at += blank[0].length;
      continue;
    }
    const sign = SIGN.exec(rest)?.[0];
    const word = WORD.exec(rest)?.[0];
    if (rest.startsWith('"')) {
      const closed = /^"((?:[^"\\]|\\.)*)"/.exec(rest);
      if (closed === null) throw new FilterMistake({ code: "quote", found: rest, expected: '"', from: at, to: text.length });
      push("text", (closed[1] ?? "").replace(/\\(.)/g, "$1"), closed[0].length);
    } else if (rest.startsWith("(")) push("open", "(", 1);
    else if (rest.startsWith(")")) push("close", ")", 1);
    else if (rest.startsWith(",")) push("comma", ",", 1);
    else if (sign !== undefined) push("sign", sign, sign.length);
    else if (word !== undefined) push("word", word, word.length);
    else push("word", rest.slice(0, 1), 1);
  }
  return tokens;
}

const BY_SIGN = new Map<string, Operation>((Object.entries(WORDS) as [Operation, string][]).map(([operation, word]) => [word, operation]));
const OPERATOR_WORDS = new Set(["in", "not", "contains", "starts", "ends", "matches", "under"]);

/** The server takes values of the same comparison as "any of them": what is written as "both" must not become that. */
function isTwice(one: Condition, other: Condition): boolean {
  if (one.field === FREE_TEXT || one.field !== other.field || one.operation !== other.operation || one.key !== other.key) return false;
  return !["NOT_EQUALS", "NOT_IN", "GREATER_THAN", "GREATER_THAN_OR_EQUAL_TO", "LESS_THAN", "LESS_THAN_OR_EQUAL_TO"].includes(one.operation);
}

class Reader {
  private at = 0;
  expectation: Expectation = { what: "condition", field: undefined, key: undefined };

  constructor(
    private readonly tokens: Token[],
    private readonly fields: readonly FilterField[],
    private readonly end: number,
  ) {}

  all(): Condition[] {
    const conditions: Condition[] = [];
    while (this.peek() !== undefined) {
      if (conditions.length > 0) this.joint();
      if (conditions.length > 0 && this.peek() === undefined) this.fail("field", undefined, this.names());
      this.expect("condition");
      const begin = this.peek();
      const condition = this.condition();
      if (conditions.some((other) => isTwice(other, condition))) this.fail("twice", begin, `${begin?.text ?? ""} ${WORDS.IN} (…)`);
      conditions.push(condition);
      this.expect("joint");
    }
    return conditions;
  }

  private peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  private expect(what: Expectation["what"], field?: FilterField, key?: string): void {
    this.expectation = { what, field, key };
  }

  private names(): string {
    return this.fields.map((one) => one.name).join(", ");
  }

  private fail(code: Mistake["code"], token: Token | undefined, expected = "", found?: string): never {
    const from = token?.from ?? this.end;
    throw new FilterMistake({ code, found: found ?? token?.text ?? "", expected, from, to: token?.to ?? this.end });
  }

  private joint(): void {
    const token = this.peek();
    if (token?.kind !== "word") return;
    if (token.text.toLowerCase() === "or") this.fail("or", token);
    if (token.text.toLowerCase() !== "and") return;
    this.at += 1;
    this.expect("condition");
  }

  /** A word without an operator behind it is searched for. */
  private condition(): Condition {
    const token = this.peek();
    if (token?.kind === "text") {
      this.at += 1;
      return { field: FREE_TEXT, operation: "EQUALS", key: undefined, values: [token.text] };
    }
    if (token?.kind !== "word") this.fail("field", token, this.names());
    const next = this.peek(1);
    const compared = next?.kind === "sign" || (next?.kind === "word" && OPERATOR_WORDS.has(next.text.toLowerCase()));
    const known = this.fieldOf(token);
    if (!compared && known === undefined) {
      this.at += 1;
      return { field: FREE_TEXT, operation: "EQUALS", key: undefined, values: [token.text] };
    }
    if (known === undefined) this.fail("field", token, this.names());
    this.at += 1;
    let key = known.key;
    // labels."a key with blanks"
    if (known.field.keyed && key === "" && this.peek()?.kind === "text") {
      key = this.peek()?.text ?? "";
      this.at += 1;
    }
    if (known.field.keyed && (key === undefined || key === "")) this.fail("key", token, `${known.field.name}.name`);
    this.expect("operator", known.field, key);
    const operation = this.operator(known.field);
    return { field: known.field.name, operation, key, values: this.values(known.field, operation, key) };
  }

  private fieldOf(token: Token): { field: FilterField; key: string | undefined } | undefined {
    const exact = this.fields.find((one) => one.name === token.text);
    if (exact !== undefined) return { field: exact, key: undefined };
    const dot = token.text.indexOf(".");
    const keyed = dot < 0 ? undefined : this.fields.find((one) => one.keyed && one.name === token.text.slice(0, dot));
    return keyed === undefined ? undefined : { field: keyed, key: token.text.slice(dot + 1) };
  }

  private operator(field: FilterField): Operation {
    const token = this.peek();
    const expected = field.operations.map((one) => WORDS[one]).join(", ");
    if (token === undefined || (token.kind !== "sign" && token.kind !== "word")) this.fail("operator", token, expected);
    let word = token.text.toLowerCase();
    const second = this.peek(1);
    let last = token;
    if ((word === "not" || word === "starts" || word === "ends") && second?.kind === "word") {
      word = `${word} ${second.text.toLowerCase()}`;
      last = second;
    }
    const operation = BY_SIGN.get(word);
    const whole: Token = { ...token, to: last.to, text: word };
    if (operation === undefined) this.fail("operator", whole, expected);
    if (!field.operations.includes(operation)) this.fail("notHere", whole, expected);
    this.at += last === token ? 1 : 2;
    return operation;
  }

  private values(field: FilterField, operation: Operation, key: string | undefined): string[] {
    if (operation !== "IN" && operation !== "NOT_IN") {
      this.expect("value", field, key);
      return [this.value(field)];
    }
    this.expect("value", field, key);
    if (this.peek()?.kind !== "open") this.fail("list", this.peek(), "(a, b)");
    this.at += 1;
    const values: string[] = [];
    for (;;) {
      this.expect("listValue", field, key);
      values.push(this.value(field));
      this.expect("listEnd", field, key);
      const token = this.peek();
      if (token?.kind !== "close" && token?.kind !== "comma") this.fail("list", token, ")");
      this.at += 1;
      if (token.kind === "close") return values;
    }
  }

  private value(field: FilterField): string {
    const token = this.peek();
    if (token?.kind !== "word" && token?.kind !== "text") this.fail("value", token, field.values.join(", "));
    this.at += 1;
    if (field.kind === "time") return this.time(token);
    if (field.kind === "range") return this.duration(token);
    if (field.values.length === 0) return token.text;
    const match = field.values.find((one) => one.toLowerCase() === token.text.toLowerCase());
    return match ?? this.fail("word", token, field.values.join(", "));
  }

  /** A day or a moment; without a zone it is the reader's. */
  private time(token: Token): string {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(token.text);
    const date = new Date(day ? `${token.text}T00:00` : token.text);
    if (!/^\d{4}-/.test(token.text) || Number.isNaN(date.getTime())) this.fail("date", token, "2026-01-31, 2026-01-31T12:00");
    return date.toISOString();
  }

  private duration(token: Token): string {
    const short = /^(\d+)([smhd])$/i.exec(token.text);
    if (short !== null) return short[2]?.toLowerCase() === "d" ? `P${short[1]}D` : `PT${short[1]}${short[2]?.toUpperCase()}`;
    if (!/^P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/.test(token.text)) this.fail("duration", token, "15m, 24h, 7d");
    return token.text;
  }
}

export function parseFilter(text: string, page: FilterPage): Parsed {
  try {
    return { conditions: new Reader(tokensOf(text), FIELDS[page], text.length).all(), mistake: undefined };
  } catch (error) {
    if (error instanceof FilterMistake) return { conditions: [], mistake: error.mistake };
    throw error;
  }
}

/** What may come at the end of a text that is still being written. */
export function expectedAfter(text: string, page: FilterPage): Expectation {
  try {
    const reader = new Reader(tokensOf(text), FIELDS[page], text.length);
    try {
      reader.all();
    } catch (error) {
      // Only what is missing at the end is expected there; behind a mistake nothing can be said.
      if (!(error instanceof FilterMistake)) throw error;
      if (error.mistake.from < text.trimEnd().length) return { what: "condition", field: undefined, key: undefined };
    }
    return reader.expectation;
  } catch (error) {
    if (error instanceof FilterMistake) return { what: "value", field: undefined, key: undefined };
    throw error;
  }
}
