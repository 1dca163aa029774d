import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref } from "vue";
import type { Input, InputCheck } from "@/api/inputs";
import { initialValues, localProblem, toForm, type InputValues } from "@/components/inputs/inputValues";
import { hasValue, valuesFrom, type Given } from "@/components/inputs/prefill";

const PAUSE_MS = 500;

interface CheckedInputs {
  values: Ref<InputValues>;
  touched: Ref<ReadonlySet<string>>;
  /** Those that count now: `dependsOn` may switch others off. */
  shown: ComputedRef<Input[]>;
  errors: ComputedRef<Record<string, string[]>>;
  notes: ComputedRef<InputCheck["notes"]>;
  failure: Ref<string>;
  ready: ComputedRef<boolean>;
  touch(id: string): void;
  touchAll(): void;
  /** What the form does not know stays as it is. */
  fill(given: Given): void;
  form(): FormData;
}

interface Beginning {
  /** What the form begins with, before the flow's defaults. */
  given?: Given;
  /** Values that the server has already, and takes where nothing is sent. */
  kept?: Given;
}

/** The values of a form and what the server says of them, half a second after the last key. */
export function useInputCheck(
  inputs: () => Input[],
  check: (form: FormData, signal: AbortSignal) => Promise<InputCheck>,
  { given = {}, kept = {} }: Beginning = {},
): CheckedInputs {
  const values = ref<InputValues>({});
  const touched = ref<ReadonlySet<string>>(new Set());
  const result = shallowRef<InputCheck>();
  const failure = ref("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;

  // What the server computes (choices, defaults) is newer than the definition that we came with.
  const known = computed(() =>
    inputs().map((defined) => {
      const input = result.value?.inputs.find((row) => row.input.id === defined.id)?.input ?? defined;
      return hasValue(kept, input.id) ? { ...input, required: false } : input;
    }),
  );
  const shown = computed(() => {
    const disabled = new Set(result.value?.inputs.filter((row) => !row.enabled).map((row) => row.input.id));
    return known.value.filter((input) => !disabled.has(input.id));
  });
  const errors = computed(() => {
    const rows = (result.value?.inputs ?? []).filter(({ input: { id } }) => !(values.value[id] instanceof File || isKept(id)));
    return Object.fromEntries(rows.map((row) => [row.input.id, row.errors]));
  });
  const notes = computed(() => result.value?.notes ?? []);
  const ready = computed(
    () =>
      shown.value.every((input) => localProblem(input, values.value[input.id]) === undefined && (errors.value[input.id] ?? []).length === 0) &&
      !notes.value.some((note) => note.blocks),
  );

  const isKept = (id: string): boolean => (values.value[id] ?? "") === "" && hasValue(kept, id);

  async function ask(): Promise<void> {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    try {
      result.value = await check(toForm(inputs(), values.value, false), signal);
      failure.value = "";
    } catch (error) {
      if (!signal.aborted) failure.value = (error as Error).message;
    }
  }

  watch(
    inputs,
    (now) => {
      // A flow that is loaded again takes nothing away that was typed.
      const typed = Object.fromEntries(now.filter(({ id }) => touched.value.has(id)).map(({ id }) => [id, values.value[id]]));
      values.value = { ...initialValues(now), ...valuesFrom(now, given), ...typed };
      result.value = undefined;
      void ask();
    },
    { immediate: true },
  );
  watch(values, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), PAUSE_MS);
  });
  onScopeDispose(() => {
    clearTimeout(timer);
    running?.abort();
  });

  return {
    values,
    touched,
    shown,
    errors,
    notes,
    failure,
    ready,
    touch: (id) => (touched.value = new Set(touched.value).add(id)),
    touchAll: () => (touched.value = new Set(shown.value.map((input) => input.id))),
    fill: (more) => {
      const filled = valuesFrom(inputs(), more);
      values.value = { ...values.value, ...filled };
      touched.value = new Set([...touched.value, ...Object.keys(filled)]);
    },
    form: () => toForm(shown.value, values.value, true),
  };
}
