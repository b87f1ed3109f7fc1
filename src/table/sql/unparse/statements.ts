import type { Assignment, Identifier, Insert, Merge, Name, Show, Statement } from '../ast/index.js';
import { callText } from './calls.js';
import { partitionText, withText } from './create.js';
import { hintsText, rowText } from './queries.js';
import { typeText } from './types.js';
import { identifierText, listText, nameText, quoteText, type Writers, words } from './writer.js';

type Target = Pick<Merge, 'table' | 'hints' | 'extend' | 'alias'>;

function extendText(extend: Insert['extend']): string {
  const columns = extend?.map(({ name, type, notNull }) =>
    words(nameText(name), typeText(type), notNull && 'NOT NULL'),
  );
  return columns === undefined ? '' : `EXTEND (${columns.join(', ')})`;
}

function targetText({ table, hints, extend, alias }: Target): string {
  return words(nameText(table), hintsText(hints), extendText(extend), alias && `AS ${identifierText(alias)}`);
}

function assignments(w: Writers, list: readonly Assignment<Identifier | Name>[]): string {
  const left = (column: Identifier | Name): string =>
    column.kind === 'name' ? nameText(column) : identifierText(column);
  return list.map(({ column, value }) => `${left(column)} = ${w.expression(value)}`).join(', ');
}

function insertText(w: Writers, node: Insert): string {
  return words(
    node.verb,
    node.overwrite ? 'OVERWRITE' : 'INTO',
    targetText(node),
    node.partition && `PARTITION ${partitionText(w, node.partition)}`,
    node.columns && `(${node.columns.map(nameText).join(', ')})`,
    w.query(node.query),
  );
}

function mergeText(w: Writers, node: Merge): string {
  const { whenNotMatched: missing } = node;
  return words(
    `MERGE INTO ${targetText(node)} USING ${w.from(node.source)} ON ${w.expression(node.on)}`,
    node.whenMatched && `WHEN MATCHED THEN UPDATE SET ${assignments(w, node.whenMatched)}`,
    missing &&
      words(
        'WHEN NOT MATCHED THEN INSERT',
        missing.columns && listText(missing.columns),
        `VALUES ${rowText(w, missing.row)}`,
      ),
  );
}

function showText(w: Writers, node: Show): string {
  const { like, partition } = node;
  return words(
    'SHOW',
    node.what,
    node.preposition,
    node.of && nameText(node.of),
    like && words(like.negated && 'NOT', like.operator, quoteText(like.pattern)),
    partition && `PARTITION ${partitionText(w, partition)}`,
  );
}

/** Any statement that is no query and neither CREATE nor ALTER. */
export function otherText(w: Writers, node: Statement): string | undefined {
  switch (node.kind) {
    case 'drop':
      return words(
        'DROP',
        node.temporary && 'TEMPORARY',
        node.system && 'SYSTEM',
        node.object,
        node.ifExists && 'IF EXISTS',
        nameText(node.name),
        node.behaviour,
      );
    case 'show':
      return showText(w, node);
    case 'showCreate':
      return `SHOW CREATE ${node.object} ${nameText(node.name)}`;
    case 'describe':
      return words(
        'DESCRIBE',
        node.object,
        node.extended && 'EXTENDED',
        nameText(node.name),
        node.column && identifierText(node.column),
      );
    case 'describeJob':
      return `DESCRIBE JOB ${quoteText(node.job)}`;
    case 'explain':
      return words('EXPLAIN', node.planFor && 'PLAN FOR', node.details.join(', '), w.statement(node.statement));
    case 'calciteExplain':
      return `${node.text} ${w.statement(node.statement)}`;
    case 'insert':
      return insertText(w, node);
    case 'statementSet':
      return `STATEMENT SET BEGIN ${node.inserts.map((insert) => `${insertText(w, insert)};`).join(' ')} END`;
    case 'beginStatementSet':
      return 'BEGIN STATEMENT SET';
    case 'endStatementSet':
      return 'END';
    case 'execute':
      return `EXECUTE ${w.statement(node.statement)}`;
    case 'executePlan':
      return `EXECUTE PLAN ${quoteText(node.file)}`;
    case 'compilePlan': {
      const head = node.execute ? 'COMPILE AND EXECUTE PLAN' : 'COMPILE PLAN';
      return words(head, quoteText(node.file), node.ifNotExists && 'IF NOT EXISTS', 'FOR', w.statement(node.statement));
    }
    case 'delete':
      return words('DELETE FROM', targetText(node), node.where && `WHERE ${w.expression(node.where)}`);
    case 'update': {
      const set = `SET ${assignments(w, node.assignments)}`;
      return words('UPDATE', targetText(node), set, node.where && `WHERE ${w.expression(node.where)}`);
    }
    case 'merge':
      return mergeText(w, node);
    case 'truncate':
      return `TRUNCATE TABLE ${nameText(node.table)}`;
    case 'callProcedure':
      return `CALL ${callText(w, node.call)}`;
    case 'analyze': {
      const columns =
        node.columns === 'ALL'
          ? 'FOR ALL COLUMNS'
          : node.columns && `FOR COLUMNS ${node.columns.map(identifierText).join(', ')}`;
      const partition = node.partition && `PARTITION ${partitionText(w, node.partition)}`;
      return words('ANALYZE TABLE', nameText(node.table), partition, 'COMPUTE STATISTICS', columns);
    }
    case 'set':
      return node.key === undefined ? 'SET' : `SET ${quoteText(node.key)} = ${quoteText(node.value ?? '')}`;
    case 'reset':
      return node.key === undefined ? 'RESET' : `RESET ${quoteText(node.key)}`;
    case 'client':
      return node.command;
    case 'use':
      return words('USE', node.what !== 'DATABASE' && node.what, node.names.map(nameText).join(', '));
    case 'loadModule':
      return words('LOAD MODULE', identifierText(node.name), withText(node.options));
    case 'unloadModule':
      return `UNLOAD MODULE ${identifierText(node.name)}`;
    case 'jar':
      return `${node.verb} JAR ${quoteText(node.path)}`;
    case 'stopJob':
      return words('STOP JOB', quoteText(node.job), node.savepoint && 'WITH SAVEPOINT', node.drain && 'WITH DRAIN');
    default:
      return undefined;
  }
}
