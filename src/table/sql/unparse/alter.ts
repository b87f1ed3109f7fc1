import type { AlterMaterializedTableAction, AlterTableAction, Statement, TableChange } from '../ast/index.js';
import {
  columnText,
  commentText,
  constraintText,
  distributionText,
  keysText,
  partitionText,
  propertiesText,
  watermarkText,
} from './create.js';
import { identifierText, nameText, quoteText, type Writers, words } from './writer.js';

function changeText(w: Writers, node: TableChange): string {
  switch (node.kind) {
    case 'constraint':
      return constraintText(node);
    case 'watermark':
      return watermarkText(w, node);
    case 'distribution':
      return `DISTRIBUTION ${distributionText(node)}`;
    default:
      return words(columnText(w, node.column), node.first && 'FIRST', node.after && `AFTER ${nameText(node.after)}`);
  }
}

function tableAction(w: Writers, change: AlterTableAction): string {
  switch (change.action) {
    case 'rename':
      return `RENAME TO ${nameText(change.to)}`;
    case 'renameColumn':
      return `RENAME ${nameText(change.from)} TO ${nameText(change.to)}`;
    case 'set':
      return `SET ${propertiesText(change.options)}`;
    case 'reset':
      return `RESET ${keysText(change.keys)}`;
    case 'add':
    case 'modify':
      return `${change.action.toUpperCase()} (${change.changes.map((one) => changeText(w, one)).join(', ')})`;
    case 'dropColumns':
      return `DROP (${change.columns.map(nameText).join(', ')})`;
    case 'dropPrimaryKey':
      return 'DROP PRIMARY KEY';
    case 'dropDistribution':
      return 'DROP DISTRIBUTION';
    case 'dropWatermark':
      return 'DROP WATERMARK';
    case 'dropConstraint':
      return `DROP CONSTRAINT ${identifierText(change.name)}`;
    case 'addPartitions': {
      const list = change.partitions.map(({ spec, options }) =>
        words('PARTITION', partitionText(w, spec), options && `WITH ${propertiesText(options)}`),
      );
      return words('ADD', change.ifNotExists && 'IF NOT EXISTS', list.join(' '));
    }
    case 'dropPartitions': {
      const list = change.partitions.map((spec) => `PARTITION ${partitionText(w, spec)}`);
      return words('DROP', change.ifExists && 'IF EXISTS', list.join(', '));
    }
    default:
      return words(change.partition && `PARTITION ${partitionText(w, change.partition)}`, 'COMPACT');
  }
}

function materialisedAction(w: Writers, change: AlterMaterializedTableAction): string {
  switch (change.action) {
    case 'suspend':
      return 'SUSPEND';
    case 'resume':
      return words('RESUME', change.options && `WITH ${propertiesText(change.options)}`);
    case 'refresh':
      return words('REFRESH', change.partition && `PARTITION ${partitionText(w, change.partition)}`);
    case 'freshness':
      return `SET FRESHNESS = ${w.expression(change.freshness)}`;
    case 'refreshMode':
      return `SET REFRESH_MODE = ${change.mode}`;
    case 'set':
      return `SET ${propertiesText(change.options)}`;
    default:
      return `RESET ${keysText(change.keys)}`;
  }
}

/** An ALTER statement, if it is one. */
export function alterText(w: Writers, node: Statement): string | undefined {
  const exists = 'ifExists' in node && node.ifExists && 'IF EXISTS';
  switch (node.kind) {
    case 'alterTable':
      return words('ALTER TABLE', exists, nameText(node.name), tableAction(w, node.change));
    case 'alterMaterializedTable':
      return words('ALTER MATERIALIZED TABLE', nameText(node.name), materialisedAction(w, node.change));
    case 'alterView':
      return words(
        'ALTER VIEW',
        nameText(node.name),
        node.to && `RENAME TO ${nameText(node.to)}`,
        node.query && `AS ${w.query(node.query)}`,
      );
    case 'alterFunction': {
      const head = words('ALTER', node.temporary && 'TEMPORARY', node.system && 'SYSTEM', 'FUNCTION');
      return words(
        head,
        exists,
        nameText(node.name),
        `AS ${quoteText(node.className)}`,
        node.language && `LANGUAGE ${node.language}`,
      );
    }
    case 'alterDatabase':
      return `ALTER DATABASE ${nameText(node.name)} SET ${propertiesText(node.options)}`;
    case 'alterCatalog':
      return words(
        'ALTER CATALOG',
        identifierText(node.name),
        node.options && `SET ${propertiesText(node.options)}`,
        node.keys && `RESET ${keysText(node.keys)}`,
        commentText(node.comment),
      );
    case 'alterModel': {
      const change =
        node.to === undefined ? `SET ${propertiesText(node.options ?? [])}` : `RENAME TO ${nameText(node.to)}`;
      return words('ALTER MODEL', exists, nameText(node.name), change);
    }
    case 'alterScope': {
      const name = node.name === 'ALL' ? 'ALL' : nameText(node.name);
      if (node.value === undefined) return `ALTER ${node.scope} RESET ${name}`;
      const { value } = node;
      const text = value === 'ON' ? 'ON' : value.kind === 'identifier' ? identifierText(value) : w.expression(value);
      return `ALTER ${node.scope} SET ${name} = ${text}`;
    }
    default:
      return undefined;
  }
}
