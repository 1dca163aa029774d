import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref } from "vue";
import type { Input, InputCheck } from "@/api/inputs";
import { initialValues, localProblem, toForm, type InputValues } from "@/components/inputs/inputValues";

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
  form(): FormData;
}

/** The values of a form and what the server says of them, half a second after the last key. */
export function useInputCheck(inputs: () => Input[], check: (form: FormData, signal: AbortSignal) => Promise<InputCheck>): CheckedInputs {
  const values = ref<InputValues>({});
  const touched = ref<ReadonlySet<string>>(new Set());
  const result = shallowRef<InputCheck>();
  const failure = ref("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;

  // What the server computes (choices, defaults) is newer than the definition that we came with.
  const known = computed(() => inputs().map((input) => result.value?.inputs.find((row) => row.input.id === input.id)?.input ?? input));
  const shown = computed(() => {
    const disabled = new Set(result.value?.inputs.filter((row) => !row.enabled).map((row) => row.input.id));
    return known.value.filter((input) => !disabled.has(input.id));
  });
  const errors = computed(() => {
    const rows = (result.value?.inputs ?? []).filter((row) => !(values.value[row.input.id] instanceof File));
    return Object.fromEntries(rows.map((row) => [row.input.id, row.errors]));
  });
  const notes = computed(() => result.value?.notes ?? []);
  const ready = computed(
    () =>
      shown.value.every((input) => localProblem(input, values.value[input.id]) === undefined && (errors.value[input.id] ?? []).length === 0) &&
      !notes.value.some((note) => note.blocks),
  );

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
      values.value = initialValues(now);
      touched.value = new Set();
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
    form: () => toForm(shown.value, values.value, true),
  };
}
