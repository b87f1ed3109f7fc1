/** Outputs of a cell as notebook files hold them. @see nbformat 4.5: code cell outputs */
export type Output =
  | { output_type: 'stream'; name: 'stdout' | 'stderr'; text: string }
  | { output_type: 'display_data'; data: Bundle; metadata: object }
  | { output_type: 'execute_result'; data: Bundle; metadata: object; execution_count: number | null }
  | { output_type: 'error'; ename: string; evalue: string; traceback: string[] };

export type Bundle = Record<string, unknown>;

interface DisplayContent {
  readonly data: Bundle;
  readonly metadata?: object;
  readonly transient?: { readonly display_id?: string };
  readonly execution_count?: number | null;
}

/**
 * The displays of all cells of one kernel, by id: a later cell may change what an earlier one shows.
 */
export type Displays = Map<string, Extract<Output, { data: Bundle }>[]>;

/** Gathers the messages of one cell into its outputs: streams joined, updates put in place. */
export class Outputs {
  readonly list: Output[] = [];
  private clearNext = false;

  constructor(private readonly displays: Displays) {}

  /**
   * Takes a message of the kernel's output channel; those that are no output are passed over.
   *
   * @returns whether it was one
   */
  take(type: string, content: unknown): boolean {
    if (type === 'update_display_data') {
      this.update(content as DisplayContent);
      return true;
    }
    if (type === 'clear_output') {
      if ((content as { wait?: boolean }).wait === true) this.clearNext = true;
      else this.list.length = 0;
      return true;
    }
    const output = toOutput(type, content);
    if (output === undefined) return false;
    if (this.clearNext) this.list.length = 0;
    this.clearNext = false;
    const last = this.list.at(-1);
    if (output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name) {
      last.text += output.text;
      return true;
    }
    this.list.push(output);
    const id = (content as DisplayContent).transient?.display_id;
    if (id !== undefined && 'data' in output) this.displays.set(id, [...(this.displays.get(id) ?? []), output]);
    return true;
  }

  private update({ data, metadata, transient }: DisplayContent): void {
    for (const output of this.displays.get(transient?.display_id ?? '') ?? []) {
      output.data = data;
      output.metadata = metadata ?? {};
    }
  }
}

function toOutput(type: string, content: unknown): Output | undefined {
  if (type === 'stream') {
    const { name, text } = content as { name: 'stdout' | 'stderr'; text: string };
    return { output_type: 'stream', name, text };
  }
  if (type === 'display_data') {
    const { data, metadata } = content as DisplayContent;
    return { output_type: 'display_data', data, metadata: metadata ?? {} };
  }
  if (type === 'execute_result') {
    const { data, metadata, execution_count } = content as DisplayContent;
    return { output_type: 'execute_result', data, metadata: metadata ?? {}, execution_count: execution_count ?? null };
  }
  if (type === 'error') {
    const { ename, evalue, traceback } = content as { ename: string; evalue: string; traceback: string[] };
    return { output_type: 'error', ename, evalue, traceback };
  }
  return undefined;
}
