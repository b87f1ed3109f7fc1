import type { AnyType } from '../../../core/types/index.js';
import type { FunctionSource } from '../../functions/source.js';
import type { UserFunction } from '../../functions/user.js';
import { quoteText } from '../../sql/unparse/index.js';
import { readFunction, sentText, usedFields } from './javascript.js';
import { SQL_JS } from './names.js';
import { FunctionRefusal } from './refusal.js';

/** A call of a function of the user's, as Flink SQL. */
export interface FunctionCall {
  readonly text: string;
  /** What is sent as JavaScript; absent where the whole function has become SQL. */
  readonly javascript?: string;
}

/** So many characters a function may have, with what it captures. */
const MOST = 1_000_000;

/**
 * The call of a function of the user's on a cluster.
 *
 * @param made the function, if it is known
 * @param operands as Flink SQL, of the types that the function takes
 * @throws FunctionRefusal for what a cluster cannot run as this process does
 */
export function functionCall(made: UserFunction | undefined, name: string, operands: readonly string[]): FunctionCall {
  const source = made?.source;
  if (source === undefined) {
    throw new FunctionRefusal(
      `${made?.name ?? name} is an aggregate function of TypeScript, and those run here alone`,
      {
        hint: 'compute it of the aggregates of SQL (SUM, COUNT, ...), or run the program with tableEnv()',
      },
    );
  }
  const read = readFunction(source);
  const used = usedFields(read);
  const javascript = sentText(read, used);
  if (javascript.length > MOST) {
    throw new FunctionRefusal(
      `${source.label} is ${javascript.length} characters long with what it captures: at most ${MOST} are sent`,
      { hint: 'put what is large into a table, and join with it' },
    );
  }
  const given = used.map((i) => operands[i] as string);
  const parts = [quoteText(String(resultType(source))), quoteText(javascript), ...given];
  return { text: `${nameOf(source)}(${parts.join(', ')})`, javascript };
}

function resultType({ gives, returns }: FunctionSource): AnyType {
  return gives === 'value' ? returns : (returns.notNull() as AnyType);
}

function nameOf({ gives, deterministic }: FunctionSource): string {
  if (gives === 'value') return deterministic ? SQL_JS.scalar : SQL_JS.volatileScalar;
  return deterministic ? SQL_JS.table : SQL_JS.volatileTable;
}
