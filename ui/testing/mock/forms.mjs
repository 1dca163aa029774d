// multipart/form-data with text and small files, and the checks on inputs that the page has to show.
export async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function formOf(request) {
  const body = await bodyOf(request);
  const boundary = /boundary=(.+)$/.exec(request.headers["content-type"] ?? "")?.[1];
  const values = new Map();
  if (boundary === undefined) return values;
  for (const part of body.toString("latin1").split(`--${boundary}`)) {
    const match = /name="([^"]*)"(?:; filename="([^"]*)")?[\s\S]*?\r\n\r\n([\s\S]*)\r\n$/.exec(part);
    if (match) values.set(match[1], match[2] === undefined ? Buffer.from(match[3], "latin1").toString("utf8") : `kestra:///uploads/${match[2]}`);
  }
  return values;
}

function errorOf(input, value) {
  if (value === undefined) return input.required && input.defaults === undefined ? "missing required input" : undefined;
  if (input.min !== undefined && Number(value) < input.min) return `it must be more than \`${input.min}\``;
  if (input.max !== undefined && Number(value) > input.max) return `it must be less than \`${input.max}\``;
  if (input.type === "EMAIL" && !value.includes("@")) return "The input must be a valid email";
  if (input.type === "URI" && !/^[a-z]+:\/\/\S+\.\S+/.test(value)) return `Expected \`URI\` but received \`${value}\``;
  return undefined;
}

export function check(inputs, values) {
  return inputs.map((input) => {
    const value = values.get(input.id);
    const error = errorOf(input, value);
    // One input depends on another, so that the page has something to hide.
    const enabled = input.id !== "mail" || values.get("notify") === "true";
    return {
      input,
      value: value ?? input.defaults,
      enabled,
      isDefault: value === undefined,
      errors: error && enabled ? [{ message: `Invalid input for \`${input.id}\`, ${error}, but received \`${value ?? "null"}\`` }] : [],
    };
  });
}
