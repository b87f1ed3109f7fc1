// The notebooks as slides: the JupyterLab extension that presents them.
import { jupyterEnvironment } from './paths.mjs';
import { run } from './processes.mjs';
import { pythonIn } from './python.mjs';
import { SetupError } from './say.mjs';
import { troubleWith } from './trouble.mjs';

/** Beside the pins of requirements.txt; presents a notebook at `/rise/PATH`. */
export const RISE = 'jupyterlab-rise==0.43.1';

/** @typedef {import('./paths.mjs').Layout} Layout */
/** @typedef {import('./jupyterlab.mjs').JupyterLab} JupyterLab */

/**
 * Sees to it that this JupyterLab can present slides: in the project's own environment the extension is installed at the
 * first time, in the reader's it has to be there.
 *
 * @param {Layout} at
 * @param {JupyterLab} jupyter
 * @param {(text: string) => void} doing
 * @returns {Promise<{ detail: string, value: undefined, unchanged: boolean }>}
 * @throws {SetupError} where it cannot be had
 */
export async function ensureSlides(at, jupyter, doing) {
  const own = jupyter.command === pythonIn(at.venv);
  if (await canPresent(at, jupyter, own))
    return { detail: 'jupyterlab-rise is there', value: undefined, unchanged: true };
  if (!own) {
    throw new SetupError(
      'The JupyterLab on your PATH cannot present slides: it lacks jupyterlab-rise.',
      `Install it where that JupyterLab is: python3 -m pip install ${RISE}`,
    );
  }
  doing('installing jupyterlab-rise into .venv');
  const uv = await run('uv', ['--version']);
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input'];
  const ended =
    uv.code === 0
      ? await run('uv', ['pip', 'install', '--python', jupyter.command, RISE], { cwd: at.root })
      : await run(jupyter.command, [...pip, RISE], { cwd: at.root });
  if (ended.code !== 0 || !(await canPresent(at, jupyter, own))) {
    throw troubleWith(uv.code === 0 ? 'uv' : 'pip', ended.output, {
      sentence: 'jupyterlab-rise could not be installed.',
      hint: 'Its last lines are above. Without `--slides` the notebooks open as ever.',
    });
  }
  return { detail: `${RISE.replace('==', ' ')} installed in .venv`, value: undefined, unchanged: false };
}

/**
 * @param {Layout} at
 * @param {JupyterLab} jupyter
 * @param {boolean} own
 */
async function canPresent(at, jupyter, own) {
  const [command, args] = own
    ? [jupyter.command, ['-c', 'import jupyterlab_rise']]
    : [jupyter.command, ['server', 'extension', 'list']];
  const ended = await run(command, args, { env: jupyterEnvironment(at), timeoutMs: 30_000 });
  return ended.code === 0 && (own || ended.output.includes('jupyterlab_rise'));
}

/**
 * Where a notebook is presented.
 *
 * @param {import('./lab.mjs').Lab} lab
 * @param {string} notebook its path inside `notebooks/`
 */
export function slidesAddress(lab, notebook) {
  return `${lab.baseUrl}rise/${notebook.split('/').map(encodeURIComponent).join('/')}?token=${lab.token}`;
}

/** The first notebook that a lecturer would show. */
export const firstSlides = '01-streams.ipynb';
