import { describe, expect, test } from 'vitest';
import { parseStartArguments } from '../../src/cli/setup/arguments.mjs';

const none = {};

describe('the options of npm start', () => {
  test('none: open the browser, any port', () => {
    expect(parseStartArguments([], none)).toEqual({
      open: true,
      port: undefined,
      check: false,
      reset: false,
      slides: false,
      help: false,
    });
  });

  test('all that may stand together', () => {
    expect(parseStartArguments(['--no-open', '--port', '8890', '--reset'], none)).toMatchObject({
      open: false,
      port: 8890,
      reset: true,
    });
    expect(parseStartArguments(['--port=1'], none).port).toBe(1);
    expect(parseStartArguments(['--check', '--reset'], none)).toMatchObject({ check: true, reset: true });
    expect(parseStartArguments(['--slides', '--no-open'], none)).toMatchObject({ slides: true, open: false });
    expect(parseStartArguments(['-h'], none).help).toBe(true);
  });

  test.each(['0', '65536', 'eight', '-1', '80.5', '', '1e3', ' 80'])('a port that is none: %j', (port) => {
    expect(() => parseStartArguments(['--port', port], none)).toThrow(/--port/);
  });

  test('a port that is missing', () => {
    expect(() => parseStartArguments(['--port'], none)).toThrow('`--port` needs a number');
  });

  test.each(['--prot', '--slidez', 'check', '--no-open=yes', '--check=1'])('an unknown option is named: %s', (arg) => {
    expect(() => parseStartArguments([arg], none)).toThrow(`\`npm start\` has no option \`${arg}\``);
  });

  test('--check looks for ports itself', () => {
    expect(() => parseStartArguments(['--check', '--port', '8890'], none)).toThrow('free ports itself');
  });

  test('an option that npm took for its own is pointed out', () => {
    expect(() => parseStartArguments([], { npm_config_check: 'true' })).toThrow('npm took `--check`');
    expect(() => parseStartArguments(['8890'], { npm_config_port: 'true' })).toThrow('npm took `--port`');
    expect(parseStartArguments([], { npm_config_open: '' }).open).toBe(false);
  });
});
