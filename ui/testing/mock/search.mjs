// Filters, order and pages, in the flat and the bracket form.
const BRACKETS = /^filters\[(\w+)\]\[(\w+)\](?:\[(.+)\])?$/;
const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

function milliseconds(text) {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = DURATION.exec(text) ?? [];
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

export function filtersOf(params) {
  const found = [];
  for (const [name, value] of params) {
    const bracket = BRACKETS.exec(name);
    if (bracket) found.push({ field: bracket[1], operation: bracket[2], key: bracket[3], value });
    else if (["q", "namespace", "flowId", "state", "labels", "minLevel", "timeRange", "startDate", "endDate", "taskId", "taskRunId"].includes(name))
      found.push({ field: name, operation: name === "namespace" ? "PREFIX" : "EQUALS", value });
  }
  return found;
}

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];
const startOf = (row) => row.state?.startDate ?? row.timestamp ?? row.updated;

/** How texts are compared; `value` may be a list for IN. */
const COMPARE = {
  EQUALS: (text, value) => text === value,
  NOT_EQUALS: (text, value) => text !== value,
  IN: (text, value) => value.split(",").includes(text),
  NOT_IN: (text, value) => !value.split(",").includes(text),
  CONTAINS: (text, value) => text.toLowerCase().includes(value.toLowerCase()),
  STARTS_WITH: (text, value) => text.startsWith(value),
  ENDS_WITH: (text, value) => text.endsWith(value),
  REGEX: (text, value) => new RegExp(value).test(text),
  PREFIX: (text, value) => text === value || text.startsWith(`${value}.`),
};
const compared =
  (textOf) =>
  (row, { value, operation }) =>
    (COMPARE[operation] ?? COMPARE.EQUALS)(textOf(row) ?? "", value);

const TESTS = {
  q: (row, { value }) =>
    value
      .toLowerCase()
      .split(/\s+/)
      .every((word) =>
        [row.id, row.namespace, row.flowId, row.taskId, row.triggerId, row.message, row.description].some((text) => text?.toLowerCase().includes(word)),
      ),
  namespace: compared((row) => row.namespace),
  flowId: compared((row) => row.flowId ?? row.id),
  taskId: compared((row) => row.taskId),
  taskRunId: compared((row) => row.taskRunId),
  state: (row, { value, operation }) => operation.startsWith("NOT") !== value.split(",").includes(row.state.current),
  labels: (row, { key, value }) => row.labels?.some((label) => `${label.key}:${label.value}` === (key ? `${key}:${value}` : value)),
  level: (row, { value }) => LEVELS.indexOf(row.level) >= LEVELS.indexOf(value),
  timeRange: (row, { value }) => Date.parse(startOf(row)) >= Date.now() - milliseconds(value),
  startDate: (row, { value }) => startOf(row) >= value,
  endDate: (row, { value }) => (row.state?.endDate ?? startOf(row)) <= value,
};
TESTS.minLevel = TESTS.level;

const valueAt = (row, path) =>
  path === "state.duration"
    ? Date.parse(row.state.endDate ?? new Date().toISOString()) - Date.parse(row.state.startDate)
    : path.split(".").reduce((value, key) => value?.[key], row);

export function narrow(rows, params) {
  const filters = filtersOf(params);
  return rows.filter((row) => filters.every((filter) => TESTS[filter.field]?.(row, filter) ?? true));
}

export function page(rows, params) {
  const size = Number(params.get("size") ?? 10);
  const from = (Number(params.get("page") ?? 1) - 1) * size;
  const [path, direction] = (params.get("sort") ?? "").split(":");
  const compare = (left, right) => (valueAt(left, path) < valueAt(right, path) ? -1 : valueAt(left, path) > valueAt(right, path) ? 1 : 0);
  const sorted = path ? [...rows].sort((left, right) => (direction === "asc" ? 1 : -1) * compare(left, right)) : rows;
  return { results: sorted.slice(from, from + size), total: rows.length };
}
