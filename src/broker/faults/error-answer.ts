import { apis } from '../../wire/apis/index.js';
import type { ApiName } from '../../wire/codec.js';
import { isNullable, plainFields } from '../../wire/layout.js';
import type { Field, Fields } from '../../wire/schema.js';
import { ZERO_UUID } from '../../wire/schema.js';

type Values = Record<string, unknown>;

const FETCH_SESSION_ERRORS = new Set([70, 71]);

/**
 * An answer that says the error wherever it can: for the request as a whole, and for each topic and partition that it
 * names. Made from the schema: what a response lists is what its request listed.
 *
 * @returns undefined when there is no place for it
 */
export function errorAnswer(api: ApiName, version: number, request: object, errorCode: number): object | undefined {
  const { response, request: asked } = apis[api];
  const answer = new Answer(version, errorCode);
  const body = answer.struct(response, asked, request as Values);
  if (api === 'Fetch' && !FETCH_SESSION_ERRORS.has(errorCode)) {
    // Errors of partitions stand with the partitions.
    body.errorCode = 0;
    return (body.responses as unknown[]).length > 0 ? body : undefined;
  }
  return answer.said ? body : undefined;
}

class Answer {
  said = false;

  constructor(
    private readonly version: number,
    private readonly errorCode: number,
  ) {}

  /** @param asked the fields of the part of the request that this part of the answer is about */
  struct(fields: Fields, asked: Fields | undefined, request: Values): Values {
    const values: Values = {};
    for (const [name, field] of plainFields(fields, this.layout)) {
      if (field.kind === 'array') values[name] = this.array(name, field, asked, request);
      else if (/errorCode$/i.test(name) && field.kind === 'int16') {
        values[name] = this.errorCode;
        this.said = true;
      } else values[name] = this.named(name, request) ?? this.nothing(field);
    }
    return values;
  }

  private get layout() {
    return { version: this.version, flexible: false };
  }

  private array(name: string, field: Field, asked: Fields | undefined, request: Values): unknown {
    const inner = field.of!.fields;
    if (inner === undefined || asked === undefined || !this.hasError(inner)) return this.nothing(field);
    const source = this.sourceOf(name, asked);
    const items = source === undefined ? null : (request[source[0]] as unknown[] | null);
    if (source === undefined || items === null || items === undefined) return this.nothing(field);
    return items.map((item) => {
      const known = typeof item === 'object' && item !== null ? (item as Values) : { only: item };
      return this.struct(inner, source[1].of!.fields, known);
    });
  }

  /** The array of the request that this one answers: the one of the same name, or the first. */
  private sourceOf(name: string, asked: Fields): [string, Field] | undefined {
    const arrays = plainFields(asked, this.layout).filter(([, field]) => field.kind === 'array');
    return arrays.find(([other]) => other === name) ?? arrays[0];
  }

  private hasError(fields: Fields): boolean {
    return plainFields(fields, this.layout).some(
      ([name, field]) => /errorCode$/i.test(name) || (field.kind === 'array' && this.hasError(field.of?.fields ?? {})),
    );
  }

  /** What the request is about, by the name that it has there. */
  private named(name: string, request: Values): unknown {
    const there = NAMES[name]?.find((other) => other in request);
    return there === undefined ? undefined : request[there];
  }

  private nothing(field: Field): unknown {
    if (field.options.default !== undefined) return field.options.default;
    if (field.kind === 'bytes' || field.kind === 'records') return Buffer.alloc(0);
    if (field.kind !== 'array' && isNullable(field, this.version)) return null;
    switch (field.kind) {
      case 'array':
        return [];
      case 'string':
        return '';
      case 'uuid':
        return ZERO_UUID;
      case 'bool':
        return false;
      case 'struct':
        return this.struct(field.fields!, undefined, {});
      case 'uint16':
      case 'uint32':
        return 0;
      default:
        return -1;
    }
  }
}

/**
 * Fields of answers that repeat what was asked for, and how requests call them. `only` is the element itself, where the
 * request lists plain names or numbers.
 */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  name: ['name', 'topic', 'only'],
  topic: ['topic', 'name'],
  topicId: ['topicId'],
  index: ['index'],
  partition: ['partition'],
  partitionIndex: ['partitionIndex', 'partition', 'only'],
  partitionId: ['only'],
  groupId: ['groupId', 'only'],
  memberId: ['memberId'],
  groupInstanceId: ['groupInstanceId'],
  key: ['key', 'only'],
  user: ['name'],
  transactionalId: ['transactionalId', 'only'],
  resourceType: ['resourceType'],
  resourceName: ['resourceName'],
};
